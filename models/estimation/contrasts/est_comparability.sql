with

contrasts as (

    select distinct
        indicator_a as indicator_id,
        wave_a,
        wave_b
    from {{ ref('est_contrasts') }}
    where contrast_kind = 'waves'

),

indicator_questions as (

    select distinct
        indicator_id,
        question_id
    from {{ ref('indicator_items') }}

),

breaks as (

    select * from {{ ref('comparability_breaks') }}

),

bridges as (

    select * from {{ ref('comparability_bridges') }}

),

-- Breaks after the earlier wave, up to the later one, and what the registry says of each.
crossed as (

    select
        contrasts.indicator_id,
        contrasts.wave_a,
        contrasts.wave_b,
        breaks.question_id,
        breaks.wave as break_wave,
        case when bridges.indicator_id is null then 1 else 0 end as is_broken,
        breaks.note_nl as break_note_nl,
        breaks.note_en as break_note_en,
        bridges.note_nl as bridge_note_nl,
        bridges.note_en as bridge_note_en
    from contrasts
    inner join indicator_questions
        on contrasts.indicator_id = indicator_questions.indicator_id
    inner join breaks
        on
            indicator_questions.question_id = breaks.question_id
            and contrasts.wave_b < breaks.wave
            and contrasts.wave_a >= breaks.wave
    left join bridges
        on
            breaks.question_id = bridges.question_id
            and breaks.wave = bridges.wave
            and contrasts.indicator_id = bridges.indicator_id

),

judged as (

    select
        indicator_id,
        wave_a,
        wave_b,
        max(is_broken) as is_broken,
        {{ dbt.listagg(
            'case when is_broken = 1 then break_note_nl end', "' '", 'order by break_wave, question_id'
        ) }} as break_note_nl,
        {{ dbt.listagg(
            'case when is_broken = 1 then break_note_en end', "' '", 'order by break_wave, question_id'
        ) }} as break_note_en,
        {{ dbt.listagg('bridge_note_nl', "' '", 'order by break_wave, question_id') }} as bridge_note_nl,
        {{ dbt.listagg('bridge_note_en', "' '", 'order by break_wave, question_id') }} as bridge_note_en
    from crossed
    group by
        indicator_id,
        wave_a,
        wave_b

),

final as (

    select
        contrasts.indicator_id,
        contrasts.wave_a,
        contrasts.wave_b,
        case
            when judged.is_broken is null then 'comparable'
            when judged.is_broken = 1 then 'broken'
            else 'bridged'
        end as comparability,
        case when judged.is_broken = 1 then judged.break_note_nl else judged.bridge_note_nl end as note_nl,
        case when judged.is_broken = 1 then judged.break_note_en else judged.bridge_note_en end as note_en
    from contrasts
    left join judged
        on
            contrasts.indicator_id = judged.indicator_id
            and contrasts.wave_a = judged.wave_a
            and contrasts.wave_b = judged.wave_b

)

select * from final
