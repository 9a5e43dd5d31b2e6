{{ config(materialized='table') }}

with

mapping as (

    select * from {{ ref('stg_column_mapping') }}
    where
        kind = 'export'
        and role = 'answer'

),

cells as (

    select * from {{ source('raw', 'cells') }}

),

submissions as (

    select * from {{ ref('stg_submissions') }}

),

wave_questions as (

    select * from {{ ref('stg_wave_questions') }}

),

codes as (

    select * from {{ ref('stg_codes') }}

),

options as (

    select * from {{ ref('options') }}

),

-- Here, where the cells are read, a value that many gave is normalised once for all of them.
filled_cells as (

    select
        mapping.wave,
        mapping.export_id,
        mapping.question_id,
        mapping.option_id as column_option_id,
        mapping.separator,
        mapping.date_order,
        mapping.decimal_sign,
        cells.row_number,
        cells.value,
        {{ normalise_label('cells.value') }} as code_value
    from mapping
    inner join cells
        on
            mapping.export_id = cells.export_id
            and mapping.column_position = cells.column_position
    where {{ normalise_label('cells.value') }} <> ''

),

separators as (

    select distinct
        wave,
        question_id,
        separator
    from mapping
    where separator is not null

),

separated_labels as (

    select
        separators.wave,
        separators.question_id,
        separators.separator,
        {{ longest_first('codes.code_value') }} as labels
    from separators
    inner join codes
        on
            separators.wave = codes.wave
            and separators.question_id = codes.question_id
    where instr(codes.code_value, lower(separators.separator)) > 0
    group by
        separators.wave,
        separators.question_id,
        separators.separator

),

split_values as (

    select
        filled_cells.wave,
        filled_cells.export_id,
        filled_cells.question_id,
        filled_cells.column_option_id,
        filled_cells.row_number,
        filled_cells.date_order,
        filled_cells.decimal_sign,
        filled_cells.separator,
        {{ split_values('filled_cells.value', 'filled_cells.separator', 'separated_labels.labels') }} as part
    from filled_cells
    left join separated_labels
        on
            filled_cells.wave = separated_labels.wave
            and filled_cells.question_id = separated_labels.question_id
            and filled_cells.separator = separated_labels.separator
    where filled_cells.separator is not null

),

marks as (

    select
        wave,
        export_id,
        question_id,
        column_option_id,
        row_number,
        date_order,
        decimal_sign,
        {{ plain_mark('part', 'separator') }} as value
    from split_values

),

normalised as (

    select
        wave,
        export_id,
        question_id,
        column_option_id,
        row_number,
        date_order,
        decimal_sign,
        value,
        code_value
    from filled_cells
    where separator is null

    union all

    select
        wave,
        export_id,
        question_id,
        column_option_id,
        row_number,
        date_order,
        decimal_sign,
        value,
        {{ normalise_label('value') }} as code_value
    from marks

),

coded as (

    select
        normalised.wave,
        normalised.export_id,
        normalised.row_number,
        normalised.question_id,
        wave_questions.answer_type,
        wave_questions.is_withheld,
        case when not wave_questions.is_withheld then normalised.code_value end as raw_value,
        case
            when wave_questions.is_withheld then null
            when codes.option_id = 'selected' then normalised.column_option_id
            else codes.option_id
        end as option_id,
        codes.missing_reason,
        case
            when
                wave_questions.answer_type = 'number'
                and codes.code_value is null
                and not wave_questions.is_withheld
                then {{ to_number('normalised.value', 'normalised.decimal_sign') }}
        end as numeric_value,
        case
            when
                wave_questions.answer_type = 'date'
                and codes.code_value is null
                and not wave_questions.is_withheld
                then {{ to_day('normalised.value', 'normalised.date_order') }}
        end as date_value,
        codes.code_value is not null as has_code
    from normalised
    inner join wave_questions
        on
            normalised.wave = wave_questions.wave
            and normalised.question_id = wave_questions.question_id
    left join codes
        on
            normalised.wave = codes.wave
            and normalised.question_id = codes.question_id
            and normalised.code_value = codes.code_value
    where normalised.code_value <> ''

),

final as (

    select
        coded.wave,
        submissions.response_key,
        coded.question_id,
        coded.answer_type,
        coded.is_withheld,
        coded.raw_value,
        coded.option_id,
        coalesce(
            coded.missing_reason,
            case when options.is_missing then coalesce(options.missing_reason, 'missing') end
        ) as missing_reason,
        coalesce(coded.numeric_value, options.score) as numeric_value,
        coded.date_value,
        coalesce(options.is_exclusive, false) as is_exclusive,
        coded.has_code
    from coded
    inner join submissions
        on
            coded.export_id = submissions.export_id
            and coded.row_number = submissions.row_number
    left join options
        on
            coded.question_id = options.question_id
            and coded.option_id = options.option_id

)

select * from final
