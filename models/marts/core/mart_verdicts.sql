{#- Every test once: a comparison that a claim is about counts with the claims. -#}
with

contrasts as (

    select * from {{ ref('est_contrasts') }}

),

associations as (

    select * from {{ ref('est_claim_associations') }}

),

joint_claims as (

    select * from {{ ref('est_joint_claims') }}

),

claims as (

    select * from {{ ref('claims') }}

),

adjusted as (

    select * from {{ ref('est_adjusted_tests') }}

),

families as (

    select * from {{ ref('test_families') }}

),

tests as (

    select
        contrast_id,
        purpose,
        wave_a as wave,
        family_id
    from contrasts

    union all

    select
        contrast_id,
        'claim' as purpose,
        wave,
        family_id
    from associations

    union all

    select
        joint_claims.contrast_id,
        'joint_claim' as purpose,
        'all' as wave,
        claims.family_id
    from joint_claims
    inner join claims
        on joint_claims.claim_id = claims.claim_id

),

counted as (

    select
        tests.purpose,
        tests.wave,
        tests.family_id,
        count(*) as n_tests,
        count(distinct adjusted.family_key) as n_families,
        sum(case when adjusted.p_value <= {{ var('significance_level') }} then 1 else 0 end)
            as n_unadjusted,
        sum(case when adjusted.p_adjusted <= {{ var('significance_level') }} then 1 else 0 end)
            as n_verdicts
    from tests
    inner join adjusted
        on tests.contrast_id = adjusted.contrast_id
    group by
        tests.purpose,
        tests.wave,
        tests.family_id

),

-- Of families, the number in which chance alone gives any verdict; of discoveries, the false ones.
final as (

    select
        counted.purpose,
        counted.wave,
        counted.family_id,
        families.label_nl as family_label_nl,
        families.label_en as family_label_en,
        families.error_rate,
        cast(counted.n_tests as bigint) as n_tests,
        cast(counted.n_families as bigint) as n_families,
        cast(counted.n_verdicts as bigint) as n_verdicts,
        cast(counted.n_unadjusted as bigint) as n_unadjusted,
        cast(
            {{ var('significance_level') }} * case
                when families.error_rate = 'false_discovery' then counted.n_verdicts
                else counted.n_families
            end as double
        ) as expected_by_chance,
        cast({{ var('significance_level') }} * counted.n_tests as double) as expected_unadjusted
    from counted
    inner join families
        on counted.family_id = families.family_id

)

select * from final
