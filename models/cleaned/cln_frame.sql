with

frame as (

    select * from {{ ref('stg_frame') }}

),

identities as (

    select * from {{ ref('stg_organisation_identities') }}

),

waves as (

    select * from {{ ref('waves') }}

),

rules as (

    select * from {{ ref('frame_rules') }}

),

cells as (

    select * from {{ source('raw', 'cells') }}

),

unknown_dates as (

    select distinct {{ to_date('value') }} as unknown_date
    from rules
    where rule_id = 'unknown_date'

),

not_ended as (

    select distinct trim(value) as organisation_key
    from rules
    where rule_id = 'not_ended'

),

-- The register writes a date that nobody knows as a date long ago.
dated as (

    select
        frame.wave,
        frame.export_id,
        frame.row_number,
        frame.organisation_name,
        identities.register_id,
        nullif(frame.organisation_key, '') as organisation_key,
        case when unknown_starts.unknown_date is null then identities.valid_from end as valid_from,
        case when unknown_ends.unknown_date is null then identities.valid_until end as valid_until
    from frame
    left join identities
        on
            frame.export_id = identities.export_id
            and frame.row_number = identities.row_number
    left join unknown_dates as unknown_starts
        on identities.valid_from = unknown_starts.unknown_date
    left join unknown_dates as unknown_ends
        on identities.valid_until = unknown_ends.unknown_date

),

judged as (

    select
        dated.*,
        case
            when dated.organisation_key is null then 'no_key'
            when dated.valid_until < waves.reference_end and not_ended.organisation_key is null
                then 'ended'
        end as own_reason
    from dated
    inner join waves
        on dated.wave = waves.wave
    left join not_ended
        on dated.organisation_key = not_ended.organisation_key

),

placed as (

    select
        wave,
        export_id,
        row_number,
        row_number() over (
            partition by wave, organisation_key
            order by export_id, row_number
        ) as place,
        first_value(export_id) over (
            partition by wave, organisation_key
            order by export_id, row_number
        ) as first_export_id,
        first_value(row_number) over (
            partition by wave, organisation_key
            order by export_id, row_number
        ) as first_row_number
    from judged
    where own_reason is null

),

-- A key that comes back says the same as the first time, or contradicts it.
repeated as (

    select
        placed.export_id,
        placed.row_number,
        sum(
            case
                when coalesce(own_cells.value, '') = coalesce(first_cells.value, '') then 0
                else 1
            end
        ) as n_differences
    from placed
    inner join cells as own_cells
        on
            placed.export_id = own_cells.export_id
            and placed.row_number = own_cells.row_number
    left join cells as first_cells
        on
            placed.first_export_id = first_cells.export_id
            and placed.first_row_number = first_cells.row_number
            and own_cells.column_position = first_cells.column_position
    where placed.place > 1
    group by
        placed.export_id,
        placed.row_number

),

final as (

    select
        judged.wave,
        judged.export_id,
        judged.row_number,
        judged.organisation_key,
        judged.organisation_name,
        judged.register_id,
        judged.valid_from,
        judged.valid_until,
        case
            when judged.own_reason is not null then judged.own_reason
            when repeated.n_differences = 0 then 'repeated_row'
            when repeated.n_differences > 0 then 'contradicting_row'
        end as exclusion_reason
    from judged
    left join repeated
        on
            judged.export_id = repeated.export_id
            and judged.row_number = repeated.row_number

)

select * from final
