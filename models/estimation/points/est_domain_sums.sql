with

segments as (

    select * from {{ ref('est_segments') }}

),

segment_domains as (

    select * from {{ ref('est_segment_domains') }}

),

segment_sums as (

    select * from {{ ref('est_segment_sums') }}

),

final as (

    select
        segment_domains.domain_id,
        segment_sums.indicator_id,
        segments.stratum_id,
        max(segments.population_count) as population_count,
        max(segments.response_count) as response_count,
        cast(sum(segment_sums.n_asked) as bigint) as n_asked,
        cast(sum(segment_sums.n_answered) as bigint) as n_answered,
        cast(sum(segment_sums.n_dont_know) as bigint) as n_dont_know,
        cast(sum(segment_sums.n_not_applicable) as bigint) as n_not_applicable,
        cast(sum(segment_sums.n_no_answer) as bigint) as n_no_answer,
        cast(sum(segment_sums.n_not_asked) as bigint) as n_not_asked,
        sum(segment_sums.sum_value) as sum_value,
        sum(segment_sums.sum_denominator) as sum_denominator,
        sum(segments.weight * segment_sums.sum_value) as weighted_value,
        sum(segments.weight * segment_sums.sum_denominator) as weighted_denominator,
        sum(case when segment_sums.n_answered > 0 then segments.weight * segment_sums.n_answered end)
            as sum_weights,
        sum(
            case
                when segment_sums.n_answered > 0
                    then segments.weight * segments.weight * segment_sums.n_answered
            end
        ) as sum_squared_weights,
        sum(
            case when segment_sums.n_answered > 0 then segments.design_weight * segment_sums.n_answered end
        ) as sum_design_weights,
        min(case when segment_sums.n_answered > 0 then segments.weight end) as smallest_weight,
        max(case when segment_sums.n_answered > 0 then segments.weight end) as largest_weight
    from segment_sums
    inner join segments
        on segment_sums.segment_id = segments.segment_id
    inner join segment_domains
        on segment_sums.segment_id = segment_domains.segment_id
    group by
        segment_domains.domain_id,
        segment_sums.indicator_id,
        segments.stratum_id

)

select * from final
