{#- Answers are matched here, once each and only where a contrast asks for it: two waves of an
    organisation, or two indicators of one wave. Of one indicator within a wave the sums of the
    segment say it all. Moments are of what lies off the line and the means of the segments (see
    est_segment_sums), answers outside the base being nought. -#}
{{ config(materialized='ephemeral') }}

with

contrasts as (

    select distinct
        wave_a,
        wave_b,
        indicator_a,
        indicator_b
    from {{ ref('est_contrasts') }}

),

segment_pairs as (

    select * from {{ ref('est_segment_pairs') }}

),

segment_sums as (

    select * from {{ ref('est_segment_sums') }}
    where n_answered > 0

),

response_segments as (

    select * from {{ ref('est_response_segments') }}

),

answers as (

    select * from {{ ref('cln_indicator_values') }}
    where status = 'answered'

),

asked as (

    select * from contrasts
    where
        wave_a <> wave_b
        or indicator_a <> indicator_b

),

wave_pairs as (

    select distinct
        segment_pairs.wave_a,
        segment_pairs.wave_b
    from segment_pairs
    inner join asked
        on
            segment_pairs.wave_a = asked.wave_a
            and segment_pairs.wave_b = asked.wave_b

),

matched as (

    select
        wave_pairs.wave_a,
        wave_pairs.wave_b,
        segments_a.segment_id as segment_a,
        segments_b.segment_id as segment_b,
        segments_a.response_key as response_a,
        segments_b.response_key as response_b
    from wave_pairs
    inner join response_segments as segments_a
        on wave_pairs.wave_a = segments_a.wave
    inner join response_segments as segments_b
        on
            wave_pairs.wave_b = segments_b.wave
            and segments_a.organisation_key = segments_b.organisation_key

),

-- Nobody has answered both where one of the two segments has no answer.
distances as (

    select
        matched.segment_a,
        matched.segment_b,
        asked.indicator_a,
        asked.indicator_b,
        {%- for side in ['a', 'b'] %}
        coalesce(answers_{{ side }}.value - sums_{{ side }}.slope * answers_{{ side }}.denominator, 0.0)
        - coalesce(sums_{{ side }}.mean_distance, 0.0) as distance_{{ side }},
        coalesce(answers_{{ side }}.denominator, 0.0)
        - coalesce(sums_{{ side }}.mean_denominator, 0.0) as denominator_{{ side }},
        {%- endfor %}
        case
            when answers_a.response_key is not null and answers_b.response_key is not null then 1
            else 0
        end as is_answered_twice
    from matched
    inner join asked
        on
            matched.wave_a = asked.wave_a
            and matched.wave_b = asked.wave_b
    {%- for side in ['a', 'b'] %}
    left join segment_sums as sums_{{ side }}
        on
            matched.segment_{{ side }} = sums_{{ side }}.segment_id
            and asked.indicator_{{ side }} = sums_{{ side }}.indicator_id
    left join answers as answers_{{ side }}
        on
            asked.wave_{{ side }} = answers_{{ side }}.wave
            and matched.response_{{ side }} = answers_{{ side }}.response_key
            and asked.indicator_{{ side }} = answers_{{ side }}.indicator_id
    {%- endfor %}

),

between_answers as (

    select
        segment_a,
        segment_b,
        indicator_a,
        indicator_b,
        sum(is_answered_twice) as n_both,
        avg(distance_a) as mean_distance_a,
        avg(denominator_a) as mean_denominator_a,
        avg(distance_b) as mean_distance_b,
        avg(denominator_b) as mean_denominator_b,
        sum(distance_a * distance_b) - sum(distance_a) * avg(distance_b) as distance_distance,
        sum(distance_a * denominator_b) - sum(distance_a) * avg(denominator_b) as distance_denominator,
        sum(denominator_a * distance_b) - sum(denominator_a) * avg(distance_b) as denominator_distance,
        sum(denominator_a * denominator_b) - sum(denominator_a) * avg(denominator_b)
            as denominator_denominator
    from distances
    group by
        segment_a,
        segment_b,
        indicator_a,
        indicator_b

),

within_segments as (

    select
        segment_pairs.segment_a,
        segment_pairs.segment_b,
        contrasts.indicator_a,
        contrasts.indicator_b,
        segment_sums.n_answered as n_both,
        0.0 as mean_distance_a,
        0.0 as mean_denominator_a,
        0.0 as mean_distance_b,
        0.0 as mean_denominator_b,
        segment_sums.distance_squares as distance_distance,
        segment_sums.distance_products as distance_denominator,
        segment_sums.distance_products as denominator_distance,
        segment_sums.denominator_squares as denominator_denominator
    from segment_pairs
    inner join contrasts
        on
            segment_pairs.wave_a = contrasts.wave_a
            and segment_pairs.wave_b = contrasts.wave_b
    inner join segment_sums
        on
            segment_pairs.segment_a = segment_sums.segment_id
            and contrasts.indicator_a = segment_sums.indicator_id
    where
        contrasts.wave_a = contrasts.wave_b
        and contrasts.indicator_a = contrasts.indicator_b

),

final as (

    select * from within_segments

    union all

    select * from between_answers

)

select * from final
