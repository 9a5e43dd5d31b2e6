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

tested as (

    select
        contrasts.family_key,
        contrasts.contrast_id,
        tests.p_value
    from contrasts
    inner join tests
        on contrasts.contrast_id = tests.contrast_id
    where tests.p_value is not null

    union all

    select
        family_key,
        contrast_id,
        p_value
    from associations
    where p_value is not null

),

-- Equal p-values get the multiplier of the first among them, whatever the order.
ranked as (

    select
        family_key,
        contrast_id,
        p_value,
        count(*) over (partition by family_key) as n_tests,
        rank() over (partition by family_key order by p_value) as position
    from tested

),

-- Holm (1979): the smallest of m p-values times m, the next times m - 1, and never below an
-- earlier one.
final as (

    select
        contrast_id,
        family_key,
        p_value,
        cast(n_tests as bigint) as n_tests,
        max(least(1.0, (n_tests - position + 1) * p_value)) over (
            partition by family_key
            order by p_value
            range between unbounded preceding and current row
        ) as p_adjusted
    from ranked

)

select * from final
