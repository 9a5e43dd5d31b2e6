with

scores as (

    select * from {{ ref('mart_scale_scores') }}

),

estimates as (

    select * from {{ ref('fct_estimates') }}

),

questions as (

    select * from {{ ref('dim_questions') }}

),

options as (

    select * from {{ ref('options') }}

),

answers as (

    select * from {{ ref('est_item_answers') }}

),

limits as (

    select * from {{ ref('est_item_limits') }}

),

-- What a base may be shown of is known of indicators: of a statement, the one that is its mean.
statements as (

    select
        indicators.indicator_id,
        max(items.question_id) as question_id
    from {{ ref('indicators') }} as indicators
    inner join {{ ref('indicator_items') }} as items
        on indicators.indicator_id = items.indicator_id
    where indicators.kind = 'mean'
    group by indicators.indicator_id
    having count(distinct items.question_id) = 1

),

scale_items as (

    select distinct
        items.wave,
        items.indicator_id as scale_id,
        statements.question_id,
        statements.indicator_id
    from {{ ref('cln_wave_indicators') }} as items
    inner join statements
        on items.question_id = statements.question_id

),

labelled as (

    select
        {%- for column in (wave_columns() | list) + (group_columns() | list) %}
        scores.{{ column }},
        {%- endfor %}
        scores.scale_id,
        scores.scale_label_nl,
        scores.scale_label_en,
        scale_items.question_id,
        questions.wording_nl,
        questions.wording_en,
        questions.position,
        options.option_id as answer_id,
        options.label_nl as answer_label_nl,
        options.label_en as answer_label_en,
        options.score as answer_score,
        estimates.n_answered,
        cast(case when estimates.suppression_reason is null then answers.n_with end as bigint) as n_with,
        case when estimates.suppression_reason is null then answers.weighted_share end as estimate,
        case when estimates.suppression_reason is null then limits.share_lower end as estimate_lower,
        case when estimates.suppression_reason is null then limits.share_upper end as estimate_upper,
        case when estimates.suppression_reason is null then limits.interval_method end as interval_method,
        estimates.suppression_status,
        estimates.suppression_reason
    from scores
    inner join scale_items
        on
            scores.wave = scale_items.wave
            and scores.scale_id = scale_items.scale_id
    inner join questions
        on scale_items.question_id = questions.question_id
    inner join options
        on
            scale_items.question_id = options.question_id
            and options.score is not null
            and not options.is_missing
            and {{ wave_within('scores.wave', 'options.first_wave', 'options.last_wave') }}
    inner join estimates
        on
            scores.wave = estimates.wave
            and scores.classification_id = estimates.classification_id
            and scores.group_id = estimates.group_id
            and scale_items.indicator_id = estimates.indicator_id
    left join answers
        on
            scores.wave = answers.wave
            and scores.classification_id = answers.classification_id
            and scores.group_id = answers.group_id
            and scores.scale_id = answers.scale_id
            and scale_items.question_id = answers.question_id
            and options.option_id = answers.option_id
    left join limits
        on
            answers.wave = limits.wave
            and answers.classification_id = limits.classification_id
            and answers.group_id = limits.group_id
            and answers.scale_id = limits.scale_id
            and answers.question_id = limits.question_id
            and answers.option_id = limits.option_id

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
