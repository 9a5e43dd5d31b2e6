{%- set figures = [
    'n_answered_a', 'n_answered_b', 'n_both', 'estimate_a', 'estimate_b', 'difference',
    'difference_lower', 'difference_upper', 'interval_method', 'test_method', 'untested_reason',
    'p_value', 'p_adjusted', 'n_tests', 'effect_size', 'effect_lower', 'effect_upper', 'effect_measure',
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

joint_claims as (

    select * from {{ ref('est_joint_claims') }}

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
        tests.untested_reason,
        tests.p_value,
        tests.effect_size,
        cast(null as double) as effect_lower,
        cast(null as double) as effect_upper,
        tests.effect_measure,
        case when claims.expected_direction = 'a_lower' then -1 else 1 end
        * (tests.difference - contrasts.margin) as direction,
        sides.has_bases
    from contrasts
    inner join sides
        on contrasts.contrast_id = sides.contrast_id
    inner join claims
        on contrasts.reference_id = claims.claim_id
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
        case when associations.p_value is not null then 'firth' end as test_method,
        case
            when associations.association_status = 'not_estimable' then 'not_estimable'
            when associations.p_value is null then 'too_few_answers'
        end as untested_reason,
        associations.p_value,
        associations.odds_ratio as effect_size,
        associations.odds_ratio_lower as effect_lower,
        associations.odds_ratio_upper as effect_upper,
        'odds_ratio' as effect_measure,
        case when claims.expected_direction = 'negative' then -1 else 1 end
        * (associations.odds_ratio - 1) as direction,
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

-- The verdict follows from the adjusted p-value and the direction, and nothing else.
decided as (

    select
        judged.*,
        coalesce(joint_claims.n_waves, 0) as n_joint_waves,
        joint_claims.p_value as joint_p_value,
        joint_adjusted.p_adjusted as joint_p_adjusted,
        {{ claim_verdict('judged.p_adjusted', 'judged.direction') }} as verdict,
        {{ claim_verdict('joint_adjusted.p_adjusted', 'joint_claims.direction') }} as joint_verdict
    from judged
    left join joint_claims
        on judged.claim_id = joint_claims.claim_id
    left join adjusted as joint_adjusted
        on joint_claims.contrast_id = joint_adjusted.contrast_id

),

final as (

    select
        {%- for column, source in wave_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
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
        indicators_a.unit as unit_a,
        coalesce(indicators_b.unit, indicators_a.unit) as unit_b,
        claims.indicator_b,
        indicators_b.label_nl as indicator_b_label_nl,
        indicators_b.label_en as indicator_b_label_en,
        claims.expected_direction,
        claims.minimum_difference,
        {%- for column in figures %}
        case when decided.suppression_reason is null then decided.{{ column }} end as {{ column }},
        {%- endfor %}
        claims.family_id,
        families.label_nl as family_label_nl,
        families.label_en as family_label_en,
        decided.verdict,
        {{ claim_words('nl', 'decided.verdict') }} as verdict_nl,
        {{ claim_words('en', 'decided.verdict') }} as verdict_en,
        cast(decided.n_joint_waves as bigint) as n_joint_waves,
        decided.joint_p_value,
        decided.joint_p_adjusted,
        decided.joint_verdict,
        {{ claim_words('nl', 'decided.joint_verdict') }} as joint_verdict_nl,
        {{ claim_words('en', 'decided.joint_verdict') }} as joint_verdict_en,
        case when decided.suppression_reason is null then 'published' else 'suppressed' end
            as suppression_status,
        decided.suppression_reason,
        {{ suppression_words('nl') }} as suppression_label_nl,
        {{ suppression_words('en') }} as suppression_label_en
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
