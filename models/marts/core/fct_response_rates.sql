with

group_sizes as (

    select * from {{ ref('est_group_sizes') }}

),

judged as (

    select
        *,
        n_population >= {{ publication_rule('minimum_base') }} as is_published
    from group_sizes

),

final as (

    select
        wave,
        classification_id,
        group_id,
        cast(case when is_published then n_population end as bigint) as n_population,
        cast(case when is_published then n_responses end as bigint) as n_responses,
        case when is_published then cast(n_responses as double) / n_population end as response_rate,
        case when is_published then 'published' else 'suppressed' end as suppression_status,
        case when not is_published then 'base_below_minimum' end as suppression_reason
    from judged

)

select * from final
