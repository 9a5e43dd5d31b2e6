with

domain_sums as (

    select * from {{ ref('est_domain_sums') }}

),

domains as (

    select * from {{ ref('est_domains') }}

),

indicators as (

    select * from {{ ref('indicators') }}

),

group_sizes as (

    select * from {{ ref('est_group_sizes') }}

),

sums as (

    select
        domain_id,
        indicator_id,
        cast(sum(n_asked) as bigint) as n_asked,
        cast(sum(n_answered) as bigint) as n_answered,
        cast(sum(n_dont_know) as bigint) as n_dont_know,
        cast(sum(n_not_applicable) as bigint) as n_not_applicable,
        cast(sum(n_no_answer) as bigint) as n_no_answer,
        cast(sum(n_not_asked) as bigint) as n_not_asked,
        count(case when n_answered > 0 then stratum_id end) as n_strata,
        sum(power(sum_squared_weights, 2) / case when n_answered > 1 then n_answered - 1.0 else 1.0 end)
            as sum_squared_parts,
        cast(sum(n_clusters) as bigint) as n_clusters,
        sum(sum_value) as sum_value,
        sum(sum_denominator) as sum_denominator,
        sum(weighted_value) as weighted_value,
        sum(weighted_denominator) as weighted_denominator,
        sum(sum_weights) as sum_weights,
        sum(sum_squared_weights) as sum_squared_weights,
        sum(sum_design_weights) as sum_design_weights,
        min(smallest_weight) as smallest_weight,
        max(largest_weight) as largest_weight
    from domain_sums
    group by
        domain_id,
        indicator_id

),

final as (

    select
        sums.domain_id,
        domains.wave,
        domains.classification_id,
        domains.group_id,
        sums.indicator_id,
        indicators.kind,
        sums.n_asked,
        sums.n_answered,
        sums.n_dont_know,
        sums.n_not_applicable,
        sums.n_no_answer,
        sums.n_not_asked,
        sums.n_strata,
        sums.n_clusters,
        -- Satterthwaite (1946), with the variance that the weights alone give each stratum: so it does
        -- not depend on the answers. Clusters less strata where these were sampled.
        cast(case
            when sums.n_clusters is not null then greatest(sums.n_clusters - sums.n_strata, 0)
            when sums.n_answered > sums.n_strata
                then
                    least(
                        sums.n_answered - sums.n_strata,
                        -- What is a whole number stays one.
                        power(sums.sum_squared_weights, 2) / sums.sum_squared_parts * (1 + 1e-9)
                    )
            else 0
        end as double) as degrees_of_freedom,
        sums.sum_value,
        sums.sum_denominator,
        sums.weighted_denominator,
        sums.sum_weights,
        sums.sum_design_weights,
        sums.largest_weight <= sums.smallest_weight * (1 + 1e-9) as is_equally_weighted,
        case
            when indicators.kind = 'total' then sums.sum_value
            when sums.sum_denominator <> 0 then sums.sum_value / sums.sum_denominator
        end as unweighted_estimate,
        case
            when indicators.kind = 'total' then sums.weighted_value
            when sums.weighted_denominator <> 0
                then sums.weighted_value / sums.weighted_denominator
        end as weighted_estimate,
        -- Kish's effective number of answers: what the unequal weights leave of the base.
        case
            when sums.sum_squared_weights > 0
                then sums.sum_weights * sums.sum_weights / sums.sum_squared_weights
        end as n_effective,
        -- By design, whatever calibration makes of the weights; kept from passing one by rounding.
        case
            when sums.sum_design_weights > 0
                then least(1.0, sums.n_answered / sums.sum_design_weights)
        end as sampling_fraction,
        -- Where every stratum that responded did so in full: who left out this question, and who is
        -- in a stratum that did not respond. Else it is a sample anyway.
        case
            when sums.n_answered >= sums.sum_design_weights * (1 - 1e-12)
                then sums.n_dont_know + sums.n_no_answer + coalesce(group_sizes.n_uncovered, 0)
            else 0
        end as n_missing
    from sums
    inner join domains
        on sums.domain_id = domains.domain_id
    inner join indicators
        on sums.indicator_id = indicators.indicator_id
    left join group_sizes
        on
            domains.wave = group_sizes.wave
            and domains.classification_id = group_sizes.classification_id
            and domains.group_id = group_sizes.group_id

)

select * from final
