{#- Second moments are taken of the distance of a value from `slope` times what is below the line,
    around the means of the segment, answers outside the base being nought on both sides. Close to
    the answers as that is, the squares of residuals from any estimate follow without differences
    of large numbers: see est_stratum_residuals. -#}
with

indicator_values as (

    select * from {{ ref('cln_indicator_values') }}

),

response_segments as (

    select * from {{ ref('est_response_segments') }}

),

segments as (

    select * from {{ ref('est_segments') }}

),

sums as (

    select
        response_segments.segment_id,
        indicator_values.indicator_id,
        count(*) as n_values,
        sum(case when indicator_values.status = 'answered' then 1 else 0 end) as n_answered,
        sum(case when indicator_values.status = 'dont_know' then 1 else 0 end) as n_dont_know,
        sum(case when indicator_values.status = 'not_applicable' then 1 else 0 end) as n_not_applicable,
        sum(case when indicator_values.status = 'no_answer' then 1 else 0 end) as n_no_answer,
        sum(case when indicator_values.status = 'not_asked' then 1 else 0 end) as n_not_asked,
        sum(indicator_values.value) as sum_value,
        sum(indicator_values.denominator) as sum_denominator,
        sum(indicator_values.value * indicator_values.value) as value_squares,
        sum(indicator_values.value * indicator_values.denominator) as products,
        sum(indicator_values.denominator * indicator_values.denominator) as denominator_squares
    from indicator_values
    inner join response_segments
        on
            indicator_values.wave = response_segments.wave
            and indicator_values.response_key = response_segments.response_key
    group by
        response_segments.segment_id,
        indicator_values.indicator_id

),

-- The line through the origin that lies closest to the answers.
sloped as (

    select
        sums.*,
        segments.n_responses,
        case
            when sums.denominator_squares > 0 then sums.products / sums.denominator_squares
            else 0.0
        end as slope
    from sums
    inner join segments
        on sums.segment_id = segments.segment_id

),

means as (

    select
        sloped.*,
        coalesce(
            (sloped.sum_value - sloped.slope * sloped.sum_denominator) / sloped.n_responses, 0.0
        ) as mean_distance,
        coalesce(sloped.sum_denominator / sloped.n_responses, 0.0) as mean_denominator
    from sloped

),

spreads as (

    select
        means.segment_id,
        means.indicator_id,
        sum(power(
            indicator_values.value - means.slope * indicator_values.denominator - means.mean_distance, 2
        )) as distance_squares,
        sum(
            (indicator_values.value - means.slope * indicator_values.denominator - means.mean_distance)
            * (indicator_values.denominator - means.mean_denominator)
        ) as distance_products,
        sum(power(indicator_values.denominator - means.mean_denominator, 2)) as denominator_squares
    from indicator_values
    inner join response_segments
        on
            indicator_values.wave = response_segments.wave
            and indicator_values.response_key = response_segments.response_key
    -- All have one; as an inner join it may come first, on the indicator alone.
    left join means
        on
            response_segments.segment_id = means.segment_id
            and indicator_values.indicator_id = means.indicator_id
    where indicator_values.status = 'answered'
    group by
        means.segment_id,
        means.indicator_id

),

final as (

    select
        means.segment_id,
        means.indicator_id,
        cast(means.n_values - means.n_not_asked as bigint) as n_asked,
        cast(means.n_answered as bigint) as n_answered,
        cast(means.n_dont_know as bigint) as n_dont_know,
        cast(means.n_not_applicable as bigint) as n_not_applicable,
        cast(means.n_no_answer as bigint) as n_no_answer,
        cast(means.n_not_asked as bigint) as n_not_asked,
        means.sum_value,
        means.sum_denominator,
        means.value_squares,
        means.slope,
        means.mean_distance,
        means.mean_denominator,
        spreads.distance_squares
        + (means.n_responses - means.n_answered) * power(means.mean_distance, 2) as distance_squares,
        spreads.distance_products
        + (means.n_responses - means.n_answered) * means.mean_distance * means.mean_denominator
            as distance_products,
        spreads.denominator_squares
        + (means.n_responses - means.n_answered) * power(means.mean_denominator, 2)
            as denominator_squares
    from means
    left join spreads
        on
            means.segment_id = spreads.segment_id
            and means.indicator_id = spreads.indicator_id

)

select * from final
