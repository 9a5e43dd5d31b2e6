with

contrasts as (

    select * from {{ ref('est_contrasts') }}

),

tests as (

    select * from {{ ref('est_contrast_tests') }}

),

associations as (

    select * from {{ ref('est_claim_associations') }}

),

joint_claims as (

    select * from {{ ref('est_joint_claims') }}

),

-- A comparison that a claim is about is tested once, as the claim.
tested as (

    select
        contrasts.family_key,
        contrasts.contrast_id,
        tests.p_value
    from contrasts
    inner join tests
        on contrasts.contrast_id = tests.contrast_id
    where
        tests.p_value is not null
        and contrasts.contrast_id = contrasts.test_id

    union all

    select
        family_key,
        contrast_id,
        p_value
    from associations
    where p_value is not null

    union all

    select
        family_key,
        contrast_id,
        p_value
    from joint_claims

),

-- Equal p-values get one multiplier, whatever the order: that of the first among them, or the last.
ranked as (

    select
        family_key,
        contrast_id,
        p_value,
        count(*) over (partition by family_key) as n_tests,
        rank() over (partition by family_key order by p_value) as position,
        count(*) over (
            partition by family_key order by p_value range between unbounded preceding and current row
        ) as n_up_to
    from tested

),

-- Holm (1979): the smallest of m p-values times m, the next times m - 1, and never below an
-- earlier one. Benjamini & Hochberg (1995): the largest times 1, the next times m / (m - 1), and
-- never above a later one.
final as (

    select
        contrast_id,
        family_key,
        p_value,
        cast(n_tests as bigint) as n_tests,
        case family_key
            when 'false_discovery'
                then min(p_value * n_tests / n_up_to) over (
                    partition by family_key
                    order by p_value
                    range between current row and unbounded following
                )
            else max(least(1.0, (n_tests - position + 1) * p_value)) over (
                partition by family_key
                order by p_value
                range between unbounded preceding and current row
            )
        end as p_adjusted
    from ranked

)

select * from final
