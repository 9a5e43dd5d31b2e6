{#- A contrast within a wave is one of the wave with itself: all that answered are in both. -#}
with

contrasts as (

    select distinct
        wave_a,
        wave_b
    from {{ ref('est_contrasts') }}
    where wave_a <> wave_b

),

single_waves as (

    select distinct wave_a as wave
    from {{ ref('est_contrasts') }}
    where wave_a = wave_b

),

-- Only where responses carry the key of an organisation are those of two waves the same one's.
keyed_waves as (

    select distinct wave
    from {{ ref('columns') }}
    where
        kind = 'export'
        and role = 'organisation_key'

),

pairs as (

    select
        contrasts.wave_a,
        contrasts.wave_b
    from contrasts
    inner join keyed_waves as keyed_a
        on contrasts.wave_a = keyed_a.wave
    inner join keyed_waves as keyed_b
        on contrasts.wave_b = keyed_b.wave

),

weights as (

    select * from {{ ref('cln_weights') }}

),

waves as (

    select * from {{ ref('waves') }}

),

frame as (

    select
        organisation_strata.wave,
        organisation_strata.organisation_key,
        strata.weighting_stratum_id as stratum_id
    from {{ ref('cln_organisation_strata') }} as organisation_strata
    inner join {{ ref('cln_strata') }} as strata
        on
            organisation_strata.wave = strata.wave
            and organisation_strata.stratum_id = strata.stratum_id

),

frame_cells as (

    select
        pairs.wave_a,
        pairs.wave_b,
        frame_a.stratum_id as stratum_a,
        frame_b.stratum_id as stratum_b,
        count(*) as population_both
    from pairs
    inner join frame as frame_a
        on pairs.wave_a = frame_a.wave
    inner join frame as frame_b
        on
            pairs.wave_b = frame_b.wave
            and frame_a.organisation_key = frame_b.organisation_key
    group by
        pairs.wave_a,
        pairs.wave_b,
        frame_a.stratum_id,
        frame_b.stratum_id

),

response_cells as (

    select
        pairs.wave_a,
        pairs.wave_b,
        weights_a.stratum_id as stratum_a,
        weights_b.stratum_id as stratum_b,
        max(weights_a.population_count) as population_a,
        max(weights_b.population_count) as population_b,
        max(weights_a.response_count) as responses_a,
        max(weights_b.response_count) as responses_b,
        max(weights_a.sampled_fraction) as fraction_a,
        max(weights_b.sampled_fraction) as fraction_b,
        count(*) as responses_both
    from pairs
    inner join weights as weights_a
        on pairs.wave_a = weights_a.wave
    inner join weights as weights_b
        on
            pairs.wave_b = weights_b.wave
            and weights_a.organisation_key = weights_b.organisation_key
    group by
        pairs.wave_a,
        pairs.wave_b,
        weights_a.stratum_id,
        weights_b.stratum_id

),

between_waves as (

    select
        cells.wave_a,
        cells.wave_b,
        cells.stratum_a,
        cells.stratum_b,
        cells.population_a,
        cells.population_b,
        cells.responses_a,
        cells.responses_b,
        cells.fraction_a,
        cells.fraction_b,
        cells.responses_both,
        -- Where a wave has counts and no list, a stratum is taken to have stayed what it was.
        case
            when waves_a.frame_source <> 'registry' and waves_b.frame_source <> 'registry'
                then frame_cells.population_both
            when cells.stratum_a = cells.stratum_b then least(cells.population_a, cells.population_b)
            else cells.responses_both
        end as population_both
    from response_cells as cells
    inner join waves as waves_a
        on cells.wave_a = waves_a.wave
    inner join waves as waves_b
        on cells.wave_b = waves_b.wave
    left join frame_cells
        on
            cells.wave_a = frame_cells.wave_a
            and cells.wave_b = frame_cells.wave_b
            and cells.stratum_a = frame_cells.stratum_a
            and cells.stratum_b = frame_cells.stratum_b

),

within_waves as (

    select distinct
        weights.wave as wave_a,
        weights.wave as wave_b,
        weights.stratum_id as stratum_a,
        weights.stratum_id as stratum_b,
        weights.population_count as population_a,
        weights.population_count as population_b,
        weights.response_count as responses_a,
        weights.response_count as responses_b,
        weights.sampled_fraction as fraction_a,
        weights.sampled_fraction as fraction_b,
        weights.response_count as responses_both,
        weights.population_count as population_both
    from weights
    inner join single_waves
        on weights.wave = single_waves.wave

),

final as (

    select * from within_waves

    union all

    select * from between_waves

)

select * from final
