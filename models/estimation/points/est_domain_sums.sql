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

-- Only segments of a sample of clusters have one.
answering_clusters as (

    select
        segment_domains.domain_id,
        segment_sums.indicator_id,
        segments.stratum_id,
        count(distinct segments.cluster_id) as n_clusters
    from segments
    inner join segment_sums
        on segments.segment_id = segment_sums.segment_id
    inner join segment_domains
        on segments.segment_id = segment_domains.segment_id
    where
        segments.cluster_id is not null
        and segment_sums.n_answered > 0
    group by
        segment_domains.domain_id,
        segment_sums.indicator_id,
        segments.stratum_id

),

summed as (

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

),

final as (

    select
        summed.*,
        answering_clusters.n_clusters
    from summed
    left join answering_clusters
        on
            summed.domain_id = answering_clusters.domain_id
            and summed.indicator_id = answering_clusters.indicator_id
            and summed.stratum_id = answering_clusters.stratum_id

)

select * from final
