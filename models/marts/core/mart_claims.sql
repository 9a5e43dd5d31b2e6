{%- set figures = [
    'n_answered_a', 'n_answered_b', 'n_both', 'estimate_a', 'estimate_b', 'difference',
    'difference_lower', 'difference_upper', 'interval_method', 'test_method', 'p_value',
    'p_adjusted', 'n_tests', 'effect_size', 'effect_lower', 'effect_upper', 'effect_measure',
] -%}
with

claims as (

    select * from {{ ref('claims') }}

),

contrasts as (

    select * from {{ ref('est_contrasts') }}
    where purpose = 'claim'

),

sides as (

    select * from {{ ref('est_contrast_sides') }}

),

tests as (

    select * from {{ ref('est_contrast_tests') }}

),

associations as (

    select * from {{ ref('est_claim_associations') }}

),

points as (

    select * from {{ ref('est_points') }}

),

adjusted as (

    select * from {{ ref('est_adjusted_tests') }}

),

families as (

    select * from {{ ref('test_families') }}

),

organisation_groups as (

    select * from {{ ref('dim_organisation_groups') }}

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

waves as (

    select * from {{ ref('dim_waves') }}

),

differences as (

    select
        contrasts.contrast_id,
        contrasts.reference_id as claim_id,
        contrasts.wave_a as wave,
        cast(sides.n_answered_a as bigint) as n_answered_a,
        cast(sides.n_answered_b as bigint) as n_answered_b,
        case when contrasts.contrast_kind = 'indicators' then sides.n_both end as n_both,
        sides.estimate_a,
        sides.estimate_b,
        tests.difference,
        tests.difference_lower,
        tests.difference_upper,
        tests.interval_method,
        tests.test_method,
        tests.p_value,
        tests.effect_size,
        cast(null as double) as effect_lower,
        cast(null as double) as effect_upper,
        tests.effect_measure,
        tests.difference as direction,
        sides.has_bases
    from contrasts
    inner join sides
        on contrasts.contrast_id = sides.contrast_id
    left join tests
        on contrasts.contrast_id = tests.contrast_id

),

-- Of a relation, side a is the mean of the scale and side b the share with the outcome.
relations as (

    select
        associations.contrast_id,
        associations.claim_id,
        associations.wave,
        points_a.n_answered as n_answered_a,
        points_b.n_answered as n_answered_b,
        associations.n_answered as n_both,
        points_a.weighted_estimate as estimate_a,
        points_b.weighted_estimate as estimate_b,
        cast(null as double) as difference,
        cast(null as double) as difference_lower,
        cast(null as double) as difference_upper,
        cast(null as {{ dbt.type_string() }}) as interval_method,
        'firth' as test_method,
        associations.p_value,
        associations.odds_ratio as effect_size,
        associations.odds_ratio_lower as effect_lower,
        associations.odds_ratio_upper as effect_upper,
        'odds_ratio' as effect_measure,
        associations.odds_ratio - 1 as direction,
        associations.has_base as has_bases
    from associations
    inner join claims
        on associations.claim_id = claims.claim_id
    left join points as points_a
        on
            associations.wave = points_a.wave
            and claims.classification_id = points_a.classification_id
            and claims.group_a = points_a.group_id
            and claims.indicator_id = points_a.indicator_id
    left join points as points_b
        on
            associations.wave = points_b.wave
            and claims.classification_id = points_b.classification_id
            and claims.group_a = points_b.group_id
            and claims.indicator_b = points_b.indicator_id

),

united as (

    select * from differences

    union all

    select * from relations

),

judged as (

    select
        united.*,
        adjusted.p_adjusted,
        adjusted.n_tests,
        case when not united.has_bases then 'base_below_minimum' end as suppression_reason
    from united
    left join adjusted
        on united.contrast_id = adjusted.contrast_id

),

-- The verdict follows from the adjusted p-value and the expected direction, and nothing else.
decided as (

    select
        judged.*,
        case
            when judged.p_adjusted is null then 'too_few'
            when judged.p_adjusted > {{ var('significance_level') }} then 'not_shown'
            when
                (claims.expected_direction in ('a_higher', 'positive') and judged.direction > 0)
                or (claims.expected_direction in ('a_lower', 'negative') and judged.direction < 0)
                then 'supported'
            else 'contradicted'
        end as verdict
    from judged
    inner join claims
        on judged.claim_id = claims.claim_id

),

final as (

    select
        decided.wave,
        decided.claim_id,
        claims.sentence_nl,
        claims.sentence_en,
        claims.source,
        claims.classification_id,
        claims.group_a,
        groups_a.label_nl as group_a_label_nl,
        groups_a.label_en as group_a_label_en,
        claims.group_b,
        groups_b.label_nl as group_b_label_nl,
        groups_b.label_en as group_b_label_en,
        claims.indicator_id,
        indicators_a.label_nl as indicator_label_nl,
        indicators_a.label_en as indicator_label_en,
        indicators_a.unit,
        claims.indicator_b,
        indicators_b.label_nl as indicator_b_label_nl,
        indicators_b.label_en as indicator_b_label_en,
        claims.expected_direction,
        waves.is_synthetic,
        {%- for column in figures %}
        case when decided.suppression_reason is null then decided.{{ column }} end as {{ column }},
        {%- endfor %}
        claims.family_id,
        families.label_nl as family_label_nl,
        families.label_en as family_label_en,
        decided.verdict,
        case decided.verdict
            when 'supported' then 'bevestigd'
            when 'contradicted' then 'weersproken'
            when 'not_shown' then 'niet aangetoond'
            else 'te weinig antwoorden'
        end as verdict_nl,
        case decided.verdict
            when 'supported' then 'supported'
            when 'contradicted' then 'contradicted'
            when 'not_shown' then 'not shown'
            else 'too few answers'
        end as verdict_en,
        cast({{ var('confidence_level') }} as double) as confidence_level,
        case when decided.suppression_reason is null then 'published' else 'suppressed' end
            as suppression_status,
        decided.suppression_reason
    from decided
    inner join claims
        on decided.claim_id = claims.claim_id
    inner join families
        on claims.family_id = families.family_id
    inner join waves
        on decided.wave = waves.wave
    inner join indicators as indicators_a
        on claims.indicator_id = indicators_a.indicator_id
    left join indicators as indicators_b
        on claims.indicator_b = indicators_b.indicator_id
    left join organisation_groups as groups_a
        on
            claims.classification_id = groups_a.classification_id
            and claims.group_a = groups_a.group_id
    left join organisation_groups as groups_b
        on
            claims.classification_id = groups_b.classification_id
            and claims.group_b = groups_b.group_id

)

select * from final
