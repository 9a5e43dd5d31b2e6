{#- Residuals e = y - R x of a domain, R its estimate, summed over a stratum. Nought outside the base,
    their squares follow from the sums of segments: around the mean of a segment from its second
    moments, between segments from their means. Every term is a square, so that large amounts that
    lie close together keep their variance. -#}
with

segments as (

    select * from {{ ref('est_segments') }}

),

segment_sums as (

    select * from {{ ref('est_segment_sums') }}
    where n_answered > 0

),

segment_domains as (

    select * from {{ ref('est_segment_domains') }}

),

domain_sums as (

    select * from {{ ref('est_domain_sums') }}
    where n_answered > 0

),

domains as (

    select * from {{ ref('est_domains') }}

),

points as (

    select
        domain_id,
        indicator_id,
        case when kind = 'total' then 0.0 else unweighted_estimate end as unweighted_ratio,
        case when kind = 'total' then 0.0 else weighted_estimate end as weighted_ratio
    from {{ ref('est_points') }}

),

calibrated_residuals as (

    select * from {{ ref('est_calibrated_residuals') }}

),

calibrated_waves as (

    select distinct wave
    from {{ ref('cln_weighting_margins') }}

),

-- What the margins explain has no variance; in return, what they say of responses outside the base
-- has some.
calibrated as (

    select
        domains.domain_id,
        calibrated_residuals.indicator_id,
        calibrated_residuals.segment_id,
        calibrated_residuals.mean_residual as residual
    from calibrated_residuals
    inner join domains
        on
            calibrated_residuals.wave = domains.wave
            and calibrated_residuals.classification_id = domains.classification_id
            and calibrated_residuals.group_id = domains.group_id

),

-- The answers of a domain in one segment: how far they lie off on average, and the squares around
-- that. Without margins all responses of a stratum have one weight, and its mean is known.
answered as (

    select
        segment_domains.domain_id,
        segment_sums.indicator_id,
        segment_sums.segment_id,
        calibrated_waves.wave is not null as is_calibrated,
        segment_sums.value_squares + segment_sums.n_answered as scale_squares,
        segment_sums.mean_distance
        + (segment_sums.slope - points.unweighted_ratio) * segment_sums.mean_denominator
            as unweighted_mean,
        segment_sums.distance_squares
        + 2 * (segment_sums.slope - points.unweighted_ratio) * segment_sums.distance_products
        + power(segment_sums.slope - points.unweighted_ratio, 2) * segment_sums.denominator_squares
            as unweighted_squares,
        segment_sums.mean_distance
        + (segment_sums.slope - points.weighted_ratio) * segment_sums.mean_denominator as deviation,
        segment_sums.distance_squares
        + 2 * (segment_sums.slope - points.weighted_ratio) * segment_sums.distance_products
        + power(segment_sums.slope - points.weighted_ratio, 2) * segment_sums.denominator_squares
            as deviation_squares,
        (
            domain_sums.weighted_value
            - points.weighted_ratio * domain_sums.weighted_denominator
        ) / domain_sums.response_count as stratum_mean
    from segment_sums
    inner join segments
        on segment_sums.segment_id = segments.segment_id
    inner join segment_domains
        on segment_sums.segment_id = segment_domains.segment_id
    inner join points
        on
            segment_domains.domain_id = points.domain_id
            and segment_sums.indicator_id = points.indicator_id
    inner join domain_sums
        on
            segment_domains.domain_id = domain_sums.domain_id
            and segment_sums.indicator_id = domain_sums.indicator_id
            and segments.stratum_id = domain_sums.stratum_id
    left join calibrated_waves
        on segments.wave = calibrated_waves.wave

),

united as (

    select
        answered.domain_id,
        answered.indicator_id,
        answered.segment_id,
        answered.scale_squares,
        answered.unweighted_mean,
        answered.unweighted_squares,
        answered.deviation,
        answered.deviation_squares,
        answered.deviation as residual,
        answered.stratum_mean
    from answered
    where not answered.is_calibrated

    union all

    select
        calibrated.domain_id,
        calibrated.indicator_id,
        calibrated.segment_id,
        answered.scale_squares,
        answered.unweighted_mean,
        answered.unweighted_squares,
        answered.deviation,
        answered.deviation_squares,
        calibrated.residual,
        0.0 as stratum_mean
    from calibrated
    left join answered
        on
            calibrated.domain_id = answered.domain_id
            and calibrated.indicator_id = answered.indicator_id
            and calibrated.segment_id = answered.segment_id

),

-- Without an estimate, and outside the base, nothing lies off. Squares of responses outside the
-- base are among those around the mean.
weighted as (

    select
        united.domain_id,
        united.indicator_id,
        segments.stratum_id,
        segments.cluster_id,
        segments.population_count,
        segments.response_count,
        segments.sampled_count,
        segments.sampled_fraction,
        segments.weight,
        segments.n_responses,
        coalesce(united.scale_squares, 0.0) as scale_squares,
        coalesce(
            united.unweighted_squares + segments.n_responses * power(united.unweighted_mean, 2), 0.0
        ) as unweighted_squares,
        coalesce(
            united.deviation_squares + segments.n_responses * power(united.deviation, 2), 0.0
        ) as squares,
        power(segments.weight, 2) * coalesce(united.deviation_squares, 0.0) as squares_around_mean,
        segments.weight * coalesce(united.residual, 0.0) as residual,
        coalesce(united.stratum_mean, 0.0) as stratum_mean
    from united
    inner join segments
        on united.segment_id = segments.segment_id

),

summed as (

    select
        domain_id,
        indicator_id,
        stratum_id,
        max(population_count) as population_count,
        max(response_count) as response_count,
        max(sampled_count) as sampled_count,
        max(sampled_fraction) as sampled_fraction,
        sum(n_responses) as n_responses,
        max(stratum_mean) as stratum_mean,
        sum(n_responses * residual) as residual_sum,
        sum(squares_around_mean + n_responses * power(residual, 2)) as residual_squares,
        sum(n_responses * (residual - stratum_mean)) as distance_sum,
        sum(squares_around_mean + n_responses * power(residual - stratum_mean, 2)) as distance_squares,
        sum(weight * squares) as weighted_squares,
        sum(unweighted_squares) as unweighted_squares,
        sum(scale_squares) as scale_squares,
        sum(weight * scale_squares) as weighted_scale_squares,
        sum(power(weight, 2) * scale_squares) as residual_scale_squares
    from weighted
    group by
        domain_id,
        indicator_id,
        stratum_id

),

-- Where clusters were sampled, what varies is the sum of a cluster. One without anybody in the base is
-- in no row, and its sum is nought.
clusters as (

    select
        domain_id,
        indicator_id,
        stratum_id,
        cluster_id,
        max(sampled_count) as sampled_count,
        sum(n_responses * residual) as cluster_sum
    from weighted
    where cluster_id is not null
    group by
        domain_id,
        indicator_id,
        stratum_id,
        cluster_id

),

cluster_means as (

    select
        clusters.*,
        sum(clusters.cluster_sum) over (
            partition by clusters.domain_id, clusters.indicator_id, clusters.stratum_id
        ) / clusters.sampled_count as mean_sum
    from clusters

),

cluster_squares as (

    select
        domain_id,
        indicator_id,
        stratum_id,
        sum(power(cluster_sum, 2)) as squares,
        sum(power(cluster_sum - mean_sum, 2))
        + (max(sampled_count) - count(*)) * power(max(mean_sum), 2) as centred_squares
    from cluster_means
    group by
        domain_id,
        indicator_id,
        stratum_id

),

-- The other responses of the stratum count with residual zero, and the distances are taken from the
-- mean of them all. That is the stratum mean already, but for rounding and for calibration.
centred as (

    select
        summed.*,
        cluster_squares.squares as cluster_squares,
        cluster_squares.centred_squares as cluster_centred_squares,
        summed.distance_squares
        + (summed.response_count - summed.n_responses) * power(summed.stratum_mean, 2)
        - power(
            summed.distance_sum - (summed.response_count - summed.n_responses) * summed.stratum_mean, 2
        ) / summed.response_count as centred_squares
    from summed
    left join cluster_squares
        on
            summed.domain_id = cluster_squares.domain_id
            and summed.indicator_id = cluster_squares.indicator_id
            and summed.stratum_id = cluster_squares.stratum_id

),

-- Where all answers are equal the residuals are zero; what is left of them is rounding, below 1e-12
-- of the values. A stratum with a single response or cluster is centred at zero, the mean
-- residual over the whole domain.
final as (

    select
        domain_id,
        indicator_id,
        stratum_id,
        population_count,
        response_count,
        sampled_fraction,
        case when residual_squares <= 1e-24 * residual_scale_squares then 0.0 else residual_sum end
            as residual_sum,
        case when residual_squares <= 1e-24 * residual_scale_squares then 0.0 else residual_squares end
            as residual_squares,
        case
            when residual_squares <= 1e-24 * residual_scale_squares then 0.0
            when cluster_squares is not null and sampled_count = 1 then cluster_squares
            when cluster_squares is not null
                then cluster_centred_squares * sampled_count / (sampled_count - 1.0)
            when response_count = 1 then residual_squares
            when centred_squares <= 1e-24 * (residual_scale_squares + residual_squares) then 0.0
            else centred_squares * response_count / (response_count - 1.0)
        end as variance,
        case when weighted_squares <= 1e-24 * weighted_scale_squares then 0.0 else weighted_squares end
            as weighted_squares,
        case when unweighted_squares <= 1e-24 * scale_squares then 0.0 else unweighted_squares end
            as unweighted_squares
    from centred

)

select * from final
