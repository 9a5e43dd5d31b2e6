{{ config(alias='response_rates') }}

with

readers as (

    select * from {{ ref('group_readers') }}

),

response_rates as (

    select * from {{ ref('mart_response_rates') }}

),

final as (

    select
        readers.reader_group_id,
        response_rates.wave,
        response_rates.classification_id,
        response_rates.group_id,
        response_rates.group_label_nl,
        response_rates.group_label_en,
        response_rates.n_population,
        response_rates.n_responses,
        response_rates.n_uncovered,
        response_rates.response_rate,
        response_rates.suppression_status,
        response_rates.suppression_reason
    from response_rates
    inner join readers
        on
            response_rates.classification_id = readers.classification_id
            and response_rates.group_id = readers.group_id

)

select * from final
