{#- Shares that a scale needs and that are no indicators: how many fall in each band of scores, and
    in how many of those the outcome occurred. `outcome_indicator_id` is null for the former. -#}
with

scores as (

    select * from {{ ref('est_scale_scores') }}

),

scale_bands as (

    select * from {{ ref('scale_bands') }}

),

outcomes as (

    select * from {{ ref('scale_outcomes') }}

),

indicator_values as (

    select * from {{ ref('cln_indicator_values') }}

),

organisation_groups as (

    select * from {{ ref('cln_organisation_groups') }}

),

grouped as (

    select
        scores.wave,
        organisation_groups.classification_id,
        organisation_groups.group_id,
        scores.scale_id,
        scores.response_key,
        scores.band_id,
        scores.stratum_id,
        scores.sampled_fraction,
        scores.response_count,
        scores.weight
    from scores
    inner join organisation_groups
        on
            scores.wave = organisation_groups.wave
            and scores.organisation_key = organisation_groups.organisation_key

),

cells as (

    -- Every band of a group that has scores, also an empty one.
    select
        grouped.wave,
        grouped.classification_id,
        grouped.group_id,
        grouped.scale_id,
        scale_bands.band_id,
        cast(null as {{ dbt.type_string() }}) as outcome_indicator_id,
        case when grouped.band_id = scale_bands.band_id then 1.0 else 0.0 end as value,
        grouped.stratum_id,
        grouped.sampled_fraction,
        grouped.response_count,
        grouped.weight
    from grouped
    inner join scale_bands
        on grouped.scale_id = scale_bands.scale_id

    union all

    select
        grouped.wave,
        grouped.classification_id,
        grouped.group_id,
        grouped.scale_id,
        grouped.band_id,
        outcomes.outcome_indicator_id,
        indicator_values.value,
        grouped.stratum_id,
        grouped.sampled_fraction,
        grouped.response_count,
        grouped.weight
    from grouped
    inner join outcomes
        on
            grouped.scale_id = outcomes.scale_id
            and grouped.classification_id = outcomes.classification_id
            and grouped.group_id = outcomes.group_id
    inner join indicator_values
        on
            grouped.wave = indicator_values.wave
            and grouped.response_key = indicator_values.response_key
            and outcomes.outcome_indicator_id = indicator_values.indicator_id
            and indicator_values.status = 'answered'
    where grouped.band_id is not null

),

sums as (

    select
        wave,
        classification_id,
        group_id,
        scale_id,
        band_id,
        outcome_indicator_id,
        stratum_id,
        max(sampled_fraction) as sampled_fraction,
        max(response_count) as response_count,
        count(*) as n_answered,
        sum(value) as n_with,
        sum(weight) as sum_weights,
        sum(weight * value) as weighted_value,
        sum(weight * weight) as squared_weights,
        sum(weight * weight * value) as squared_weights_with,
        min(weight) as smallest_weight,
        max(weight) as largest_weight
    from cells
    group by
        wave,
        classification_id,
        group_id,
        scale_id,
        band_id,
        outcome_indicator_id,
        stratum_id

),

totals as (

    select
        sums.*,
        sum(sums.weighted_value) over one_cell as weighted_value_of_all,
        sum(sums.sum_weights) over one_cell as sum_weights_of_all
    from sums
    window
        one_cell as (
            partition by
                sums.wave,
                sums.classification_id,
                sums.group_id,
                sums.scale_id,
                sums.band_id,
                sums.outcome_indicator_id
        )

),

shares as (

    select
        totals.*,
        totals.weighted_value_of_all / totals.sum_weights_of_all as weighted_share
    from totals

),

-- Of a share p: the sum of weight × (value − p) over the stratum, and of its square.
residuals as (

    select
        shares.*,
        shares.weighted_value - shares.weighted_share * shares.sum_weights as residual,
        shares.squared_weights_with * (1 - 2 * shares.weighted_share)
        + shares.squared_weights * power(shares.weighted_share, 2) as residual_squares
    from shares

),

centred as (

    select
        residuals.*,
        1 - residuals.sampled_fraction as unsampled_fraction,
        residuals.residual_squares - power(residuals.residual, 2) / residuals.response_count
            as centred_squares
    from residuals

),

-- As in the variances of indicators: responses of the stratum outside the base count with residual
-- zero, a stratum with one response is centred at zero, and what equal values leave is rounding.
variances as (

    select
        centred.*,
        centred.unsampled_fraction * case
            when centred.response_count = 1 then centred.residual_squares
            when centred.centred_squares <= 1e-12 * centred.squared_weights then 0.0
            else centred.centred_squares * centred.response_count / (centred.response_count - 1.0)
        end as variance
    from centred

),

final as (

    select
        wave,
        classification_id,
        group_id,
        scale_id,
        band_id,
        outcome_indicator_id,
        cast(sum(n_answered) as bigint) as n_answered,
        cast(sum(n_with) as bigint) as n_with,
        sum(weighted_value) / sum(sum_weights) as weighted_share,
        sum(variance) / power(sum(sum_weights), 2) as variance,
        sum(sum_weights) as sum_weights,
        sum(sum_weights) * sum(sum_weights) / sum(squared_weights) as n_effective,
        max(largest_weight) <= min(smallest_weight) * (1 + 1e-9) as is_equally_weighted
    from variances
    group by
        wave,
        classification_id,
        group_id,
        scale_id,
        band_id,
        outcome_indicator_id

)

select * from final
