with

pairs as (

    select distinct
        wave_a,
        wave_b
    from {{ ref('est_panel_cells') }}

),

-- Each of the two waves once as the wave itself and once as the other one.
directions as (

    select
        wave_a as wave,
        wave_b as other_wave
    from pairs

    union

    select
        wave_b as wave,
        wave_a as other_wave
    from pairs

),

weights as (

    select * from {{ ref('cln_weights') }}

),

linearised as (

    select * from {{ ref('est_linearised') }}

),

members as (

    select
        directions.wave,
        directions.other_wave,
        weights.organisation_key,
        weights.stratum_id,
        other_weights.stratum_id as other_stratum_id
    from directions
    inner join weights
        on directions.wave = weights.wave
    inner join weights as other_weights
        on
            directions.other_wave = other_weights.wave
            and weights.organisation_key = other_weights.organisation_key

),

final as (

    select
        members.wave,
        members.other_wave,
        linearised.classification_id,
        linearised.group_id,
        linearised.indicator_id,
        members.stratum_id,
        members.other_stratum_id,
        sum(linearised.influence) as influence
    from members
    inner join linearised
        on
            members.wave = linearised.wave
            and members.organisation_key = linearised.organisation_key
    group by
        members.wave,
        members.other_wave,
        linearised.classification_id,
        linearised.group_id,
        linearised.indicator_id,
        members.stratum_id,
        members.other_stratum_id

)

select * from final
