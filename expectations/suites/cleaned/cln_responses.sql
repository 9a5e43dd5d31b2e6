-- table: cleaned.cln_responses
-- grain: wave and response that is kept
-- keys: wave, response_key
-- not empty
-- refers: wave, organisation_key -> cleaned.cln_organisations

-- expect: every delivered row is kept or excluded with a reason, once
with handled as (
    select
        wave,
        count(*) as n_rows
    from (
        select
            wave,
            response_key
        from cleaned.cln_responses
        union all
        select
            wave,
            response_key
        from cleaned.cln_excluded_responses
    ) as both_kinds
    group by wave
),

delivered as (
    select
        wave,
        sum(row_count) as n_rows
    from raw.exports
    where kind = 'export' and superseded_by is null
    group by wave
)

select
    delivered.wave,
    delivered.n_rows as expected,
    coalesce(handled.n_rows, 0) as found
from delivered
left join handled on delivered.wave = handled.wave
where delivered.n_rows <> coalesce(handled.n_rows, 0);

-- expect: as many responses are kept as the registry expects of the wave
select
    waves.wave,
    count(responses.response_key) as found
from registry.waves as waves
inner join cleaned.cln_responses as responses on waves.wave = responses.wave
group by waves.wave
having
    count(responses.response_key) not between
    min(waves.expected_responses_low) and max(waves.expected_responses_high);
