-- Indicators and what they are made of, the scales among them, and the tables per topic.

-- indicators.indicator_id: The indicator '{indicator_id}' ({kind}) is made of nothing.
-- expected: at least one row in indicator_items.csv
-- remedy: Add its items, or delete the indicator.
select * from indicators
where indicator_id not in (select indicator_id from indicator_items);

-- indicators.kind: The indicator '{indicator_id}' ({kind}) has no {part}.
-- expected: items with part numerator; of a ratio, items with either part
-- remedy: Add items with part {part}, or correct the kind.
select *
from (
    select *, 'numerator' as part from indicators
    union all
    select *, 'denominator' from indicators where kind = 'ratio'
)
where
    indicator_id in (select indicator_id from indicator_items)
    and (indicator_id, part) not in (select indicator_id, part from indicator_items);

-- indicator_items.part: The indicator '{indicator_id}' ({kind}) has a denominator.
-- expected: a denominator for ratios only
-- remedy: Correct the part, or the kind of the indicator.
select indicator_items.*, kind
from indicator_items
inner join indicators using (indicator_id)
where part = 'denominator' and kind not in ('ratio', '');

-- indicators.minimum_answered: The indicator '{indicator_id}' ({kind}) wants {minimum_answered}
--   answered questions of {asked}.
-- expected: 1 to the number of questions
-- remedy: Correct the number.
select
    indicators.*,
    count(distinct case when part = 'numerator' then question_id end) as asked
from indicators
inner join indicator_items using (indicator_id)
group by indicators.line
having minimum_answered not between 1 and max(1, asked);

-- indicators.{column}: The indicator '{indicator_id}' ({kind}) counts options.
-- expected: an empty cell, except for shares
-- remedy: Correct the kind, or empty the cell.
select *
from (
    select *, 'minimum_count' as column from indicators where minimum_count is not null
    union all
    select *, 'maximum_count' from indicators where maximum_count is not null
)
where kind not in ('share', '');

-- indicators.{column}: The indicator '{indicator_id}' ({kind}) wants {bound} of {n_options}
--   options.
-- expected: 0 to {n_options}
-- remedy: Correct the number, or empty the cell.
select *
from (
    select *, 'minimum_count' as column, minimum_count as bound from indicators
    union all
    select *, 'maximum_count', maximum_count from indicators
)
left join (
    select indicator_id, count(*) as n_options
    from indicator_items where part = 'numerator' group by indicator_id
) using (indicator_id)
where kind = 'share' and bound not between 0 and max(1, coalesce(n_options, 0));

-- indicator_items.option_id: The indicator '{indicator_id}' is a {kind}, and this item names no
--   option.
-- expected: the option that counts
-- remedy: Fill option_id, one row per option.
select indicator_items.*, kind
from indicator_items
inner join indicators using (indicator_id)
where kind in ('share', 'count') and option_id is null;

-- indicator_items.option_id: The indicator '{indicator_id}' is a {kind}, and this item names an
--   option.
-- expected: an empty option_id for mean, total and ratio
-- remedy: Empty option_id; the whole question counts.
select indicator_items.*, kind
from indicator_items
inner join indicators using (indicator_id)
where kind in ('mean', 'total', 'ratio') and option_id is not null;

-- indicator_items.option_id: '{option_id}' of '{question_id}' is a missing answer, which never
--   counts.
-- expected: an option that is a valid answer
-- remedy: Name another option.
select indicator_items.*
from indicator_items
inner join options using (question_id, option_id)
where is_missing;

-- A scale question without scores is reported itself.
-- indicator_items.question_id: The {kind} '{indicator_id}' cannot use the {answer_type} question
--   '{question_id}'.
-- expected: number questions; for a mean also questions with one answer and a score on every option
-- remedy: Name another question, correct the kind, or fill the scores in options.csv.
select indicator_items.*, kind, answer_type
from indicator_items
inner join indicators using (indicator_id)
inner join questions using (question_id)
where
    (kind in ('total', 'ratio') and answer_type not in ('number', ''))
    or (kind = 'mean' and answer_type not in ('number', 'scale', 'single', ''))
    or (
        kind = 'mean'
        and answer_type = 'single'
        and (
            select count(*) = 0 or count(*) > count(score)
            from options
            where options.question_id = questions.question_id and not is_missing
        )
    );

-- scales.scale_id: '{scale_id}' is a {kind} of {n_questions} question(s), not a scale.
-- expected: an indicator of kind mean with two questions or more
-- remedy: Name another indicator, or delete the row.
select scales.*, kind, count(distinct question_id) as n_questions
from scales
inner join indicators on scales.scale_id = indicators.indicator_id
left join indicator_items using (indicator_id)
group by scales.line
having kind <> 'mean' or n_questions < 2;

-- scale_bands.{column}: The outermost band '{band_id}' has a limit on its outer side.
-- expected: an empty {column}: every score falls in a band
-- remedy: Empty the cell, or correct the positions.
select *
from (
    select *, 'minimum_score' as column, min(position) as outermost, minimum_score as bound
    from scale_bands group by scale_id
    union all
    select *, 'maximum_score', max(position), maximum_score
    from scale_bands group by scale_id
)
where bound is not null;

-- scale_bands.minimum_score: The band '{band_id}' does not begin where '{lower_id}' ends.
-- expected: the maximum_score of the band before it, filled
-- remedy: Correct one of the two scores.
select *
from (
    select
        *,
        lag(band_id) over by_position as lower_id,
        lag(maximum_score) over by_position as lower_maximum
    from scale_bands
    window by_position as (partition by scale_id order by position)
)
where lower_id is not null and (lower_maximum is null or lower_maximum is not minimum_score);

-- scale_outcomes.outcome_indicator_id: The outcome '{outcome_indicator_id}' is a {kind}.
-- expected: a share: an outcome happened or did not
-- remedy: Name a share, or add one to indicators.csv.
select scale_outcomes.*, kind
from scale_outcomes
inner join indicators on scale_outcomes.outcome_indicator_id = indicators.indicator_id
where kind <> 'share';

-- topic_marts.schema_name: The schema '{schema_name}' is that of a layer or of a group.
-- expected: a schema that holds tables per topic only
-- remedy: Rename the schema, and the folder of its models where it has any.
select * from topic_marts
where
    schema_name in (select name from reserved_schemas)
    or schema_name in (select group_id from organisation_groups);

-- topic_marts.mart_id: The table '{mart_id}' shows no indicator.
-- expected: at least one row in topic_mart_indicators.csv
-- remedy: Add its indicators, or delete the row.
select * from topic_marts where mart_id not in (select mart_id from topic_mart_indicators);
