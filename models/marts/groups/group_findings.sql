{{ config(alias='findings') }}

with

readers as (

    select * from {{ ref('group_readers') }}

),

findings as (

    select * from {{ ref('mart_findings') }}

),

estimates as (

    select * from {{ ref('mart_estimates') }}

),

final as (

    select
        readers.reader_group_id,
        findings.*,
        estimates.n_asked,
        estimates.n_dont_know,
        estimates.n_not_applicable,
        estimates.n_no_answer,
        estimates.n_not_asked,
        estimates.unweighted_estimate,
        estimates.unweighted_lower,
        estimates.unweighted_upper,
        estimates.design_effect,
        estimates.n_effective,
        estimates.interval_size
    from findings
    inner join readers
        on
            findings.classification_id = readers.classification_id
            and findings.group_id = readers.group_id
    inner join estimates
        on
            findings.wave = estimates.wave
            and findings.classification_id = estimates.classification_id
            and findings.group_id = estimates.group_id
            and findings.indicator_id = estimates.indicator_id

)

-- The contract names the columns.
select * from final  -- noqa: AM04
