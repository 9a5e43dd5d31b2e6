-- Classifications and their groups, crossings, rules of membership, and rules for frames.

-- classifications.classification_id: The classification '{classification_id}' has no groups.
-- expected: rows in organisation_groups.csv
-- remedy: Add its groups, or delete the classification.
select * from classifications
where
    classification_id <> ''
    and classification_id not in (select classification_id from organisation_groups);

-- classifications.within_group_id: The classification '{classification_id}' lies within its own
--   group '{within_group_id}'.
-- expected: a group of another classification
-- remedy: Name another group, or empty the cell.
select * from classifications
where
    (classification_id, within_group_id)
    in (select classification_id, group_id from organisation_groups);

-- organisation_groups.group_id: The group '{group_id}' has the name of a schema or database.
-- expected: an id that names no layer, schema, catalog or release
-- remedy: Rename the group.
select * from organisation_groups
where
    group_id in (select name from reserved_schemas)
    or group_id in (select survey_id || '_release' from surveys);

-- crossings.crossed_classification_id: The classification '{classification_id}' is crossed with
--   itself.
-- expected: two classifications
-- remedy: Name another classification, or delete the row.
select * from crossings where classification_id = crossed_classification_id;

-- crossings.crossed_classification_id: The crossing would be called '{crossed}', as a
--   classification is already.
-- expected: a name that is free
-- remedy: Rename the classification, or delete the row.
select crossings.*, taken.classification_id as crossed
from crossings
inner join classifications as taken
    on
        crossed_id(crossings.classification_id, crossed_classification_id)
        = taken.classification_id;

-- crossings.crossed_classification_id: Two pairs of groups would both be called '{crossed}'.
-- expected: ids of groups that do not hold what stands between the two, _x_
-- remedy: Rename one of the groups.
select crossings.line, crossed_id(own.group_id, other.group_id) as crossed
from crossings
inner join organisation_groups as own using (classification_id)
inner join organisation_groups as other
    on crossings.crossed_classification_id = other.classification_id
group by crossings.line, crossed
having count(distinct own.group_id) > 1;

-- organisation_membership.match_value, match_minimum, match_maximum: The rule does not say which
--   value it matches.
-- expected: a match_value, or a match_minimum or match_maximum or both
-- remedy: Fill the value, or the range.
select * from organisation_membership
where match_value is null and match_minimum is null and match_maximum is null;

-- organisation_membership.match_value, match_minimum, match_maximum: The rule has both a value and
--   a range.
-- expected: a match_value, or a match_minimum or match_maximum or both
-- remedy: Empty one of them.
select * from organisation_membership
where match_value is not null and coalesce(match_minimum, match_maximum) is not null;

-- organisation_membership.match_value, match_minimum, match_maximum: An organisation key has no
--   range.
-- expected: a match_value where attribute_id is organisation_key
-- remedy: Name the key, or correct the attribute.
select * from organisation_membership
where
    attribute_id = 'organisation_key'
    and match_value is null
    and coalesce(match_minimum, match_maximum) is not null;

-- frame_rules.value: '{value}' does not say what to do with a key that comes back.
-- expected: error (landing stops) or review (the first row counts, the others are listed)
-- remedy: Correct the value.
select * from frame_rules where rule_id = 'duplicate_key' and value not in ('error', 'review');

-- frame_rules.value: The rule duplicate_key has two values (line {first_line} and here).
-- expected: one value
-- remedy: Delete one of the two rows.
select *
from (
    select *, min(line) over () as first_line from frame_rules where rule_id = 'duplicate_key'
)
where line > first_line;

-- frame_rules.value: '{value}' is not a date.
-- expected: a date such as 1900-01-01
-- remedy: Correct the value.
select * from frame_rules where rule_id = 'unknown_date' and not is_date(value);

-- frame_rules.rule_id: No rule unknown_date says which dates of the frame mean that nobody knows
--   (columns.csv, line {reads_dates}, reads dates).
-- expected: at least one row, such as 1900-01-01 for the government register
-- remedy: Add the row.
select null as line, min(line) as reads_dates
from columns
where role in ('valid_from', 'valid_until')
having count(*) > 0 and not exists (select 1 from frame_rules where rule_id = 'unknown_date');

-- organisation_matches.delivered_key, delivered_name: The decision does not say which responses it
--   is about.
-- expected: the key or the name that was delivered, or both
-- remedy: Fill one of them; `barometer match` lists them.
select * from organisation_matches where delivered_key is null and delivered_name is null;

-- organisation_matches.wave, delivered_key, delivered_name: The same responses are decided on line
--   {first_line} too.
-- expected: one decision
-- remedy: Delete one of the two rows.
select *
from (
    select *, min(line) over same_responses as first_line
    from organisation_matches
    where coalesce(delivered_key, delivered_name) is not null
    window same_responses as (
        partition by wave, trim(coalesce(delivered_key, '')), label(coalesce(delivered_name, ''))
    )
)
where line > first_line;
