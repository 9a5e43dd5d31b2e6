{#- Same wave: the responses of a stratum give both estimates. Two waves: what they share is the
    organisations that answered both, in cells of an earlier and a later stratum (Tam 1984;
    Qualité & Tillé 2008; Berger 2004). -#}
with

contrasts as (

    select * from {{ ref('est_contrasts') }}

),

linearised as (

    select * from {{ ref('est_linearised') }}

),

strata as (

    select * from {{ ref('est_stratum_influences') }}

),

panel_cells as (

    select * from {{ ref('est_panel_cells') }}

),

panel_influences as (

    select * from {{ ref('est_panel_influences') }}

),

-- Answers of one organisation that enter both sides.
shared_answers as (

    select
        contrasts.contrast_id,
        side_a.stratum_id as stratum_a,
        side_b.stratum_id as stratum_b,
        count(*) as answers_both,
        sum(side_a.influence * side_b.influence) as products,
        sum(side_a.weight * side_b.weight) as weight_products
    from contrasts
    inner join linearised as side_a
        on
            contrasts.wave_a = side_a.wave
            and contrasts.classification_id = side_a.classification_id
            and contrasts.group_a = side_a.group_id
            and contrasts.indicator_a = side_a.indicator_id
    inner join linearised as side_b
        on
            contrasts.wave_b = side_b.wave
            and contrasts.classification_id = side_b.classification_id
            and contrasts.group_b = side_b.group_id
            and contrasts.indicator_b = side_b.indicator_id
            and side_a.organisation_key = side_b.organisation_key
    where contrasts.contrast_kind <> 'groups'
    group by
        contrasts.contrast_id,
        side_a.stratum_id,
        side_b.stratum_id

),

-- Two sides from one wave meet in every stratum in which both have an answer.
within_waves as (

    select
        contrasts.contrast_id,
        side_a.stratum_id as stratum_a,
        side_b.stratum_id as stratum_b,
        coalesce(shared_answers.answers_both, 0) as answers_both,
        coalesce(shared_answers.weight_products, 0) as weight_products,
        case
            when side_a.response_count = 1 then coalesce(shared_answers.products, 0)
            else
                (
                    coalesce(shared_answers.products, 0)
                    - side_a.influence * side_b.influence / side_a.response_count
                )
                * side_a.response_count / (side_a.response_count - 1.0)
        end as covariance,
        1 - cast(side_a.response_count as double) / side_a.population_count as correction
    from contrasts
    inner join strata as side_a
        on
            contrasts.wave_a = side_a.wave
            and contrasts.classification_id = side_a.classification_id
            and contrasts.group_a = side_a.group_id
            and contrasts.indicator_a = side_a.indicator_id
    inner join strata as side_b
        on
            contrasts.wave_b = side_b.wave
            and contrasts.classification_id = side_b.classification_id
            and contrasts.group_b = side_b.group_id
            and contrasts.indicator_b = side_b.indicator_id
            and side_a.stratum_id = side_b.stratum_id
    left join shared_answers
        on
            contrasts.contrast_id = shared_answers.contrast_id
            and side_a.stratum_id = shared_answers.stratum_a
    where contrasts.contrast_kind <> 'waves'

),

-- Sums over the organisations of a cell that answered both waves, and the means of the whole
-- strata that deviations are taken from (zero in a stratum with one response).
panel_sums as (

    select
        contrasts.contrast_id,
        cells.stratum_a,
        cells.stratum_b,
        cells.population_a,
        cells.population_b,
        cells.responses_a,
        cells.responses_b,
        cells.responses_both,
        cells.population_both,
        case when cells.responses_a > 1 then 1.0 else 0.0 end as centred_a,
        case when cells.responses_b > 1 then 1.0 else 0.0 end as centred_b,
        case when cells.responses_a > 1 then strata_a.influence / cells.responses_a else 0.0 end
            as mean_a,
        case when cells.responses_b > 1 then strata_b.influence / cells.responses_b else 0.0 end
            as mean_b,
        coalesce(shared_answers.answers_both, 0) as answers_both,
        coalesce(shared_answers.weight_products, 0) as weight_products,
        coalesce(shared_answers.products, 0) as products,
        coalesce(later.influence, 0) as sum_a,
        coalesce(earlier.influence, 0) as sum_b
    from contrasts
    inner join panel_cells as cells
        on
            contrasts.wave_a = cells.wave_a
            and contrasts.wave_b = cells.wave_b
    inner join strata as strata_a
        on
            contrasts.wave_a = strata_a.wave
            and contrasts.classification_id = strata_a.classification_id
            and contrasts.group_a = strata_a.group_id
            and contrasts.indicator_a = strata_a.indicator_id
            and cells.stratum_a = strata_a.stratum_id
    inner join strata as strata_b
        on
            contrasts.wave_b = strata_b.wave
            and contrasts.classification_id = strata_b.classification_id
            and contrasts.group_b = strata_b.group_id
            and contrasts.indicator_b = strata_b.indicator_id
            and cells.stratum_b = strata_b.stratum_id
    left join shared_answers
        on
            contrasts.contrast_id = shared_answers.contrast_id
            and cells.stratum_a = shared_answers.stratum_a
            and cells.stratum_b = shared_answers.stratum_b
    left join panel_influences as later
        on
            contrasts.wave_a = later.wave
            and contrasts.wave_b = later.other_wave
            and contrasts.classification_id = later.classification_id
            and contrasts.group_a = later.group_id
            and contrasts.indicator_a = later.indicator_id
            and cells.stratum_a = later.stratum_id
            and cells.stratum_b = later.other_stratum_id
    left join panel_influences as earlier
        on
            contrasts.wave_b = earlier.wave
            and contrasts.wave_a = earlier.other_wave
            and contrasts.classification_id = earlier.classification_id
            and contrasts.group_b = earlier.group_id
            and contrasts.indicator_b = earlier.indicator_id
            and cells.stratum_b = earlier.stratum_id
            and cells.stratum_a = earlier.other_stratum_id
    where contrasts.contrast_kind = 'waves'

),

-- Products of deviations, over what is left of their expectation when deviations are taken from
-- means that the same responses enter.
between_waves as (

    select
        contrast_id,
        stratum_a,
        stratum_b,
        answers_both,
        weight_products,
        (products - mean_b * sum_a - mean_a * sum_b + responses_both * mean_a * mean_b)
        / (
            1 - centred_a / responses_a - centred_b / responses_b
            + centred_a * centred_b * responses_both / (cast(responses_a as double) * responses_b)
        ) as covariance,
        1
        - cast(population_both as double) / responses_both
        * (cast(responses_a as double) / population_a) * (cast(responses_b as double) / population_b)
            as correction
    from panel_sums

),

final as (

    select * from within_waves

    union all

    select * from between_waves

)

select * from final
