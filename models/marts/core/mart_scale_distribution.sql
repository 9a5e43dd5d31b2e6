with

scores as (

    select * from {{ ref('mart_scale_scores') }}

),

scale_bands as (

    select * from {{ ref('scale_bands') }}

),

cells as (

    select * from {{ ref('est_scale_cells') }}
    where outcome_indicator_id is null

),

limits as (

    select * from {{ ref('est_scale_limits') }}
    where outcome_indicator_id is null

),

-- Every score falls in a band, so the base of a band is that of the score.
labelled as (

    select
        {%- for column in wave_columns() %}
        scores.{{ column }},
        {%- endfor %}
        {%- for column in group_columns() %}
        scores.{{ column }},
        {%- endfor %}
        scores.scale_id,
        scores.scale_label_nl,
        scores.scale_label_en,
        scale_bands.band_id,
        scale_bands.label_nl as band_label_nl,
        scale_bands.label_en as band_label_en,
        scale_bands.position as band_position,
        scores.n_answered,
        cast(case when scores.suppression_status = 'published' then cells.n_with end as bigint)
            as n_in_band,
        case when scores.suppression_status = 'published' then cells.weighted_share end as estimate,
        case when scores.suppression_status = 'published' then limits.share_lower end as estimate_lower,
        case when scores.suppression_status = 'published' then limits.share_upper end as estimate_upper,
        case when scores.suppression_status = 'published' then limits.interval_method end as interval_method,
        scores.suppression_status,
        scores.suppression_reason
    from scores
    inner join scale_bands
        on scores.scale_id = scale_bands.scale_id
    left join cells
        on
            scores.wave = cells.wave
            and scores.classification_id = cells.classification_id
            and scores.group_id = cells.group_id
            and scores.scale_id = cells.scale_id
            and scale_bands.band_id = cells.band_id
    left join limits
        on
            scores.wave = limits.wave
            and scores.classification_id = limits.classification_id
            and scores.group_id = limits.group_id
            and scores.scale_id = limits.scale_id
            and scale_bands.band_id = limits.band_id

),

final as (

    select
        labelled.*,
        {{ share_words('nl') }} as display_nl,
        {{ share_words('en') }} as display_en,
        {{ suppression_words('nl') }} as suppression_label_nl,
        {{ suppression_words('en') }} as suppression_label_en
    from labelled

)

select * from final
