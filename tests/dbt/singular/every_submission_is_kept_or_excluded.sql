-- No submission gets lost and none is counted twice: kept and excluded together are all of them.
with

submissions as (

    select response_key from {{ ref('stg_submissions') }}

),

sorted as (

    select response_key from {{ ref('cln_responses') }}

    union all

    select response_key from {{ ref('cln_excluded_responses') }}

),

counted as (

    select
        response_key,
        count(*) as n_times
    from sorted
    group by response_key

)

select submissions.response_key
from submissions
left join counted
    on submissions.response_key = counted.response_key
where coalesce(counted.n_times, 0) <> 1
