{#- The waves of the contrasts are those with a frame or responses; a group that nobody of a wave
    belongs to has no contrast in it. -#}
with

comparisons as (

    select * from {{ ref('comparisons') }}

),

complements as (

    select * from {{ ref('est_complements') }}

),

trend_rules as (

    select * from {{ ref('trend_rules') }}

),

all_claims as (

    select * from {{ ref('claims') }}

),

claims as (

    select * from all_claims
    where expected_direction in ('a_higher', 'a_lower')

),

families as (

    select * from {{ ref('test_families') }}

),

indicators as (

    select * from {{ ref('indicators') }}

),

groups_present as (

    select
        wave,
        classification_id,
        group_id
    from {{ ref('est_group_sizes') }}

),

domains as (

    select * from {{ ref('est_domains') }}

),

-- The top of a classification that divides a group says what that group says already, and in a
-- family of other tests could say it otherwise.
repeated_groups as (

    select
        organisation_groups.classification_id,
        organisation_groups.group_id
    from {{ ref('organisation_groups') }} as organisation_groups
    inner join {{ ref('classifications') }} as classifications
        on organisation_groups.classification_id = classifications.classification_id
    where
        classifications.within_group_id is not null
        and organisation_groups.parent_group_id is null

),

wave_indicators as (

    select distinct
        wave_indicators.wave,
        wave_indicators.indicator_id
    from {{ ref('cln_wave_indicators') }} as wave_indicators
    inner join groups_present
        on wave_indicators.wave = groups_present.wave

),

-- Ids of waves sort in the order of their periods.
earlier_waves as (

    select
        wave,
        indicator_id,
        lag(wave) over (partition by indicator_id order by wave) as previous_wave,
        min(wave) over (partition by indicator_id) as first_wave
    from wave_indicators

),

compared_groups as (

    select
        'comparison' as purpose,
        comparisons.comparison_id as reference_id,
        'groups' as contrast_kind,
        wave_indicators.wave as wave_a,
        wave_indicators.wave as wave_b,
        comparisons.classification_id,
        comparisons.group_a,
        coalesce(comparisons.group_b, complements.complement_group_id) as group_b,
        wave_indicators.indicator_id as indicator_a,
        wave_indicators.indicator_id as indicator_b,
        comparisons.family_id,
        0.0 as margin
    from comparisons
    inner join groups_present
        on
            comparisons.classification_id = groups_present.classification_id
            and comparisons.group_a = groups_present.group_id
    left join complements
        on
            comparisons.classification_id = complements.classification_id
            and comparisons.group_a = complements.group_id
            and comparisons.rest_of_group_id = complements.rest_of_group_id
    inner join wave_indicators
        on groups_present.wave = wave_indicators.wave
    inner join indicators
        on
            wave_indicators.indicator_id = indicators.indicator_id
            and (comparisons.topic is null or comparisons.topic = indicators.topic)
    -- How much two groups report in all says how large they are.
    where indicators.kind <> 'total'

),

followed_groups as (

    select
        trend_rules.classification_id,
        trend_rules.family_id,
        earlier_waves.indicator_id,
        earlier_waves.wave as wave_a,
        case trend_rules.from_wave
            when 'previous' then earlier_waves.previous_wave else earlier_waves.first_wave
        end as wave_b,
        row_number() over (
            partition by
                trend_rules.classification_id,
                earlier_waves.indicator_id,
                earlier_waves.wave,
                case trend_rules.from_wave
                    when 'previous' then earlier_waves.previous_wave else earlier_waves.first_wave
                end
            order by case trend_rules.from_wave when 'previous' then 0 else 1 end
        ) as preference
    from trend_rules
    cross join earlier_waves
    where earlier_waves.previous_wave is not null

),

compared_waves as (

    select
        'trend' as purpose,
        followed_groups.classification_id as reference_id,
        'waves' as contrast_kind,
        followed_groups.wave_a,
        followed_groups.wave_b,
        followed_groups.classification_id,
        groups_now.group_id as group_a,
        groups_now.group_id as group_b,
        followed_groups.indicator_id as indicator_a,
        followed_groups.indicator_id as indicator_b,
        followed_groups.family_id,
        0.0 as margin
    from followed_groups
    inner join groups_present as groups_now
        on
            followed_groups.classification_id = groups_now.classification_id
            and followed_groups.wave_a = groups_now.wave
    inner join groups_present as groups_then
        on
            groups_now.classification_id = groups_then.classification_id
            and groups_now.group_id = groups_then.group_id
            and followed_groups.wave_b = groups_then.wave
    left join repeated_groups
        on
            groups_now.classification_id = repeated_groups.classification_id
            and groups_now.group_id = repeated_groups.group_id
    where
        followed_groups.preference = 1
        and repeated_groups.group_id is null

),

claimed as (

    select
        'claim' as purpose,
        claims.claim_id as reference_id,
        case when claims.indicator_b is null then 'groups' else 'indicators' end as contrast_kind,
        groups_present.wave as wave_a,
        groups_present.wave as wave_b,
        claims.classification_id,
        claims.group_a,
        coalesce(claims.group_b, claims.group_a) as group_b,
        claims.indicator_id as indicator_a,
        coalesce(claims.indicator_b, claims.indicator_id) as indicator_b,
        claims.family_id,
        case
            when claims.minimum_difference is null then 0.0
            when claims.expected_direction = 'a_lower' then -claims.minimum_difference
            else claims.minimum_difference
        end as margin
    from claims
    inner join groups_present
        on
            claims.classification_id = groups_present.classification_id
            and claims.group_a = groups_present.group_id
    inner join wave_indicators as wave_indicators_a
        on
            groups_present.wave = wave_indicators_a.wave
            and claims.indicator_id = wave_indicators_a.indicator_id
    inner join wave_indicators as wave_indicators_b
        on
            groups_present.wave = wave_indicators_b.wave
            and coalesce(claims.indicator_b, claims.indicator_id) = wave_indicators_b.indicator_id

),

-- What a claim holds against each other, wave by wave.
claim_sides as (

    select
        classification_id,
        group_a as group_id,
        indicator_id
    from all_claims

    union

    select
        classification_id,
        coalesce(group_b, group_a) as group_id,
        coalesce(indicator_b, indicator_id) as indicator_id
    from all_claims

),

claim_side_waves as (

    select
        groups_present.wave,
        claim_sides.classification_id,
        claim_sides.group_id,
        claim_sides.indicator_id
    from claim_sides
    inner join groups_present
        on
            claim_sides.classification_id = groups_present.classification_id
            and claim_sides.group_id = groups_present.group_id
    inner join wave_indicators
        on
            groups_present.wave = wave_indicators.wave
            and claim_sides.indicator_id = wave_indicators.indicator_id

),

-- Not tested: how far the waves of a claim rest on the same organisations.
shared_waves as (

    select
        'overlap' as purpose,
        later.classification_id as reference_id,
        'waves' as contrast_kind,
        later.wave as wave_a,
        earlier.wave as wave_b,
        later.classification_id,
        later.group_id as group_a,
        later.group_id as group_b,
        later.indicator_id as indicator_a,
        later.indicator_id as indicator_b,
        cast(null as {{ dbt.type_string() }}) as family_id,
        0.0 as margin
    from claim_side_waves as later
    inner join claim_side_waves as earlier
        on
            later.classification_id = earlier.classification_id
            and later.group_id = earlier.group_id
            and later.indicator_id = earlier.indicator_id
            and later.wave > earlier.wave

),

-- A difference that a claim is about has one verdict, that of the claim. Where the claim is about more
-- than a difference, the difference is one more test of its family: never shown without it.
settled as (

    select
        compared_groups.purpose,
        compared_groups.reference_id,
        compared_groups.contrast_kind,
        compared_groups.wave_a,
        compared_groups.wave_b,
        compared_groups.classification_id,
        compared_groups.group_a,
        compared_groups.group_b,
        compared_groups.indicator_a,
        compared_groups.indicator_b,
        coalesce(claims.family_id, compared_groups.family_id) as family_id,
        compared_groups.margin,
        case
            when claims.claim_id is not null and claims.minimum_difference is null
                then
                    {{ contrast_id(
                        "'claim'", 'claims.claim_id', 'compared_groups.wave_a', 'compared_groups.wave_b',
                        'claims.group_a', 'compared_groups.indicator_a'
                    ) }}
        end as claim_test_id
    from compared_groups
    left join claims
        on
            claims.indicator_b is null
            and compared_groups.classification_id = claims.classification_id
            and compared_groups.indicator_a = claims.indicator_id
            and (
                (compared_groups.group_a = claims.group_a and compared_groups.group_b = claims.group_b)
                or (compared_groups.group_a = claims.group_b and compared_groups.group_b = claims.group_a)
            )

),

united as (

    select * from settled

    union all

    select
        others.*,
        cast(null as {{ dbt.type_string() }}) as claim_test_id
    from (
        select * from compared_waves

        union all

        select * from claimed

        union all

        select * from shared_waves
    ) as others

),

named as (

    select
        united.*,
        {{ contrast_id(
            'united.purpose', 'united.reference_id', 'united.wave_a', 'united.wave_b', 'united.group_a',
            'united.indicator_a'
        ) }} as contrast_id
    from united

),

final as (

    select
        named.contrast_id,
        coalesce(named.claim_test_id, named.contrast_id) as test_id,
        named.purpose,
        named.reference_id,
        named.contrast_kind,
        named.classification_id,
        named.wave_a,
        named.group_a,
        named.indicator_a,
        domains_a.domain_id as domain_a,
        named.wave_b,
        named.group_b,
        named.indicator_b,
        domains_b.domain_id as domain_b,
        indicators.kind,
        cast(named.margin as double) as margin,
        named.family_id,
        -- The tests that are adjusted together: all of the release, or of one wave, and of one topic or
        -- group if so said.
        case
            when families.error_rate = 'false_discovery' then families.error_rate
            when named.family_id is not null
                then
                    concat(
                        named.family_id, '|', named.wave_a,
                        case when families.per_topic then concat('|', indicators.topic) else '' end,
                        case when families.per_group then concat('|', named.group_a) else '' end
                    )
        end as family_key
    from named
    inner join indicators
        on named.indicator_a = indicators.indicator_id
    left join families
        on named.family_id = families.family_id
    {%- for side in ['a', 'b'] %}
    left join domains as domains_{{ side }}
        on
            named.wave_{{ side }} = domains_{{ side }}.wave
            and named.classification_id = domains_{{ side }}.classification_id
            and named.group_{{ side }} = domains_{{ side }}.group_id
    {%- endfor %}

)

select * from final
