with

claims as (

    select * from {{ ref('claims') }}
    where expected_direction in ('positive', 'negative')

),

families as (

    select * from {{ ref('test_families') }}

),

indicators as (

    select * from {{ ref('indicators') }}

),

associations as (

    select * from {{ ref('est_associations') }}

),

shown as (

    select * from {{ ref('est_shown_scale_bases') }}
    where band_id is null

),

-- What a claim says of a scale: the row of its group, scale and outcome.
judged as (

    select
        claims.claim_id,
        claims.group_a,
        claims.indicator_id,
        claims.family_id,
        associations.wave,
        associations.n_answered,
        associations.n_events,
        associations.odds_ratio,
        associations.odds_ratio_lower,
        associations.odds_ratio_upper,
        associations.p_value,
        associations.association_status,
        coalesce(associations.n_answered, 0) >= {{ publication_rule('minimum_base') }}
        and coalesce(shown.is_shown, false) as has_base
    from claims
    inner join associations
        on
            claims.classification_id = associations.classification_id
            and claims.group_a = associations.group_id
            and claims.indicator_id = associations.scale_id
            and claims.indicator_b = associations.outcome_indicator_id
    left join shown
        on
            associations.wave = shown.wave
            and associations.classification_id = shown.classification_id
            and associations.group_id = shown.group_id
            and associations.scale_id = shown.scale_id
            and associations.outcome_indicator_id = shown.outcome_indicator_id

),

final as (

    select
        {{ contrast_id(
            "'claim'", 'judged.claim_id', 'judged.wave', 'judged.wave', 'judged.group_a', 'judged.indicator_id'
        ) }} as contrast_id,
        judged.claim_id,
        judged.wave,
        judged.family_id,
        concat(
            judged.family_id, '|', judged.wave,
            case when families.per_topic then concat('|', indicators.topic) else '' end,
            case when families.per_group then concat('|', judged.group_a) else '' end
        ) as family_key,
        judged.n_answered,
        judged.n_events,
        judged.has_base,
        judged.odds_ratio,
        judged.odds_ratio_lower,
        judged.odds_ratio_upper,
        case
            when judged.has_base and judged.association_status = 'estimated' then judged.p_value
        end as p_value,
        judged.association_status
    from judged
    inner join families
        on judged.family_id = families.family_id
    inner join indicators
        on judged.indicator_id = indicators.indicator_id

)

select * from final
