with

panel_cells as (

    select * from {{ ref('est_panel_cells') }}

),

segments as (

    select * from {{ ref('est_segments') }}

),

response_segments as (

    select * from {{ ref('est_response_segments') }}

),

wave_pairs as (

    select distinct
        wave_a,
        wave_b
    from panel_cells

),

-- Of a wave with itself nobody needs to be looked up: a segment meets itself, and no other.
final as (

    select
        wave_pairs.wave_a,
        wave_pairs.wave_b,
        segments.segment_id as segment_a,
        segments.segment_id as segment_b,
        segments.n_responses as n_matched
    from wave_pairs
    inner join segments
        on wave_pairs.wave_a = segments.wave
    where wave_pairs.wave_a = wave_pairs.wave_b

    union all

    select
        wave_pairs.wave_a,
        wave_pairs.wave_b,
        segments_a.segment_id as segment_a,
        segments_b.segment_id as segment_b,
        count(*) as n_matched
    from wave_pairs
    inner join response_segments as segments_a
        on wave_pairs.wave_a = segments_a.wave
    inner join response_segments as segments_b
        on
            wave_pairs.wave_b = segments_b.wave
            and segments_a.organisation_key = segments_b.organisation_key
    where wave_pairs.wave_a <> wave_pairs.wave_b
    group by
        wave_pairs.wave_a,
        wave_pairs.wave_b,
        segments_a.segment_id,
        segments_b.segment_id

)

select * from final
