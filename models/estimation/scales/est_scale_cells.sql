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

{{ shares_of_sums([
    'wave', 'classification_id', 'group_id', 'scale_id', 'band_id', 'outcome_indicator_id',
]) }}

select * from final
