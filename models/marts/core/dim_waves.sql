with

waves as (

    select * from {{ ref('waves') }}

),

exports as (

    select
        wave,
        max(case when is_synthetic then 1 else 0 end) as is_synthetic
    from {{ ref('stg_exports') }}
    group by wave

),

final as (

    select
        waves.wave,
        waves.label_nl,
        waves.label_en,
        waves.reference_start,
        waves.reference_end,
        waves.fieldwork_start,
        waves.fieldwork_end,
        waves.publication_date,
        row_number() over (order by waves.reference_start desc, waves.wave desc) = 1 as is_latest_wave,
        exports.is_synthetic = 1 as is_synthetic
    from waves
    inner join exports
        on waves.wave = exports.wave

)

select * from final
