-- table: cleaned.cln_indicator_values
-- grain: wave, response and indicator
-- keys: wave, response_key, indicator_id
-- not empty
-- refers: wave, response_key -> cleaned.cln_responses
-- refers: indicator_id -> registry.indicators

-- expect: there is a value exactly when the status says so
select
    valued.wave,
    valued.response_key,
    valued.indicator_id
from cleaned.cln_indicator_values as valued
inner join registry.indicators as indicators
    on valued.indicator_id = indicators.indicator_id
where
    (valued.status = 'answered') <> (valued.value is not null)
    or (valued.value is not null and valued.denominator is null);

-- expect: a share is 0 or 1 for one response
select
    valued.wave,
    valued.response_key,
    valued.indicator_id
from cleaned.cln_indicator_values as valued
inner join registry.indicators as indicators
    on valued.indicator_id = indicators.indicator_id
where indicators.kind = 'share' and valued.value not in (0, 1);

-- expect: a count is a whole number from 0 to the number of its items
with items as (
    select
        indicator_id,
        count(*) as n_items
    from registry.indicator_items
    where part = 'numerator'
    group by indicator_id
)

select
    valued.wave,
    valued.response_key,
    valued.indicator_id
from cleaned.cln_indicator_values as valued
inner join registry.indicators as indicators
    on valued.indicator_id = indicators.indicator_id
inner join items on valued.indicator_id = items.indicator_id
where indicators.kind = 'count' and (
    valued.value < 0 or valued.value > items.n_items
    or valued.value <> floor(valued.value)
);

-- expect: a mean of scores lies within the scores of its options
with scores as (
    select
        items.indicator_id,
        min(options.score) as lowest,
        max(options.score) as highest
    from registry.indicator_items as items
    inner join registry.options as options
        on items.question_id = options.question_id
    where options.score is not null and not options.is_missing
    group by items.indicator_id
)

select
    valued.wave,
    valued.response_key,
    valued.indicator_id
from cleaned.cln_indicator_values as valued
inner join registry.indicators as indicators
    on valued.indicator_id = indicators.indicator_id
inner join scores on valued.indicator_id = scores.indicator_id
where
    indicators.kind = 'mean'
    and (valued.value < scores.lowest or valued.value > scores.highest);

-- expect: a response with a value counts towards an estimate
select
    valued.wave,
    valued.response_key,
    valued.indicator_id
from cleaned.cln_indicator_values as valued
inner join registry.indicators as indicators
    on valued.indicator_id = indicators.indicator_id
where
    not isfinite(valued.value)
    or not isfinite(valued.denominator)
    or (indicators.kind <> 'ratio' and valued.denominator <> 1);
