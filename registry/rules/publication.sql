-- What the public edition publishes, and how finely.

-- disclosure_rules.smallest_base_percent: The smallest base is {smallest_base_percent} % of the
--   responses.
-- expected: above 0, at most 100
-- remedy: Correct the percentage, or empty the cell.
select * from disclosure_rules
where smallest_base_percent <= 0 or smallest_base_percent > 100;

-- disclosure_rules.fine_group_id: A fine total and its group go together.
-- expected: both total 'fine' and fine_group_id, or neither
-- remedy: Fill or empty the other cell.
select * from disclosure_rules where (total is 'fine') <> (fine_group_id is not null);

-- disclosure_rules.classification_id: The group '{fine_group_id}' of the fine total has no
--   classification.
-- expected: the classification of that group
-- remedy: Fill classification_id.
select * from disclosure_rules where fine_group_id is not null and classification_id is null;

-- disclosure_rules.set_role: A set and the part in it go together.
-- expected: both set_id and set_role, or neither
-- remedy: Fill or empty the other cell.
select * from disclosure_rules where (set_id is null) <> (set_role is null);

-- A part of a total may be unpublished.
-- disclosure_rules.set_id: Something that is no published share or total is in the set '{set_id}'.
-- expected: published indicators of kind share, or of kind total, one per row
-- remedy: Empty set_id and set_role, or correct the row.
select disclosure_rules.*
from disclosure_rules
left join indicators using (indicator_id)
where
    set_id is not null
    and (
        indicator_id is null
        or coalesce(kind, 'share') not in ('share', 'total')
        or not (is_published or (kind is 'total' and set_role is 'part'))
    );

-- disclosure_rules.indicator_id: '{indicator_id}' is an amount and has rules for bands.
-- expected: empty smallest_base_percent, further_classification_id, total and method
-- remedy: Empty those cells.
select disclosure_rules.*
from disclosure_rules
inner join indicators using (indicator_id)
where
    kind in ('total', 'ratio')
    and coalesce(smallest_base_percent, further_classification_id, total, method) is not null;

-- disclosure_rules.set_role: The set '{set_id}' is made of {roles}.
-- expected: two or more options, or parts with at most one union
-- remedy: Correct the roles.
select * from sets
where
    n_totals = 0
    and n_roles = n_members
    and (
        n_members = 1
        or n_options not in (0, n_members)
        or n_unions > 1
        or n_unions = n_members
    );

-- disclosure_rules.set_role: The set '{set_id}' has totals and is made of {roles}.
-- expected: totals only: one union, and the parts that add up to it
-- remedy: Correct the roles, or take out what is no total.
select coalesce(first_other, line) as line, set_id, roles
from sets
where
    n_totals > 0
    and n_roles = n_members
    and (n_totals < n_members or n_unions <> 1 or n_options > 0 or n_members = 1);

-- disclosure_rules.set_id: '{indicator_id}' and '{first_id}' are in the set '{set_id}' and have
--   different rules.
-- expected: one smallest base, classification, total and method for the whole set
-- remedy: Correct one of the two.
select tied.*, first.indicator_id as first_id
from tied
inner join sets using (set_id)
inner join disclosure_rules as first on sets.line = first.line
where
    n_totals = 0
    and n_roles = n_members
    and not (
        tied.smallest_base_percent is first.smallest_base_percent
        and tied.classification_id is first.classification_id
        and tied.further_classification_id is first.further_classification_id
        and tied.total is first.total
        and tied.fine_group_id is first.fine_group_id
        and tied.method is first.method
    );

-- disclosure_rules.classification_id: '{indicator_id}' and '{first_id}' are in the set '{set_id}'
--   and have different classifications.
-- expected: one classification for the whole set
-- remedy: Correct one of the two.
select *
from (
    select
        *,
        first_value(indicator_id) over of_set as first_id,
        first_value(classification_id) over of_set as first_classification
    from tied
    where is_published and set_id in (select set_id from tied where kind = 'total')
    window of_set as (partition by set_id order by line)
)
where classification_id is not first_classification;

-- Sets of tied shares: what the members count must be tied as the rules say, and no more. The
-- attacker is taken to know that parts lie in their union and that options exclude each other;
-- members that are tied in another way would give counts away without anybody noticing.

-- disclosure_rules.set_id: '{indicator_id}' counts how many answers were given; it is tied to the
--   other members of '{set_id}' in another way.
-- expected: members that count whoever gave any of their answers
-- remedy: Take one of them out of the set; what rests on the same answers is then withheld.
select * from tied where is_bounded and kind <> 'total';

-- disclosure_rules.set_id: '{indicator_id}' and '{other_id}' of the set '{set_id}' share an answer.
-- expected: parts and options without a common answer
-- remedy: Take one of them out of the set; what rests on the same answers is then withheld.
select tied_answers.*, min(other.line) as other_line, other.indicator_id as other_id
from tied_answers
inner join tied_answers as other using (set_id, question_id)
where
    tied_answers.option_id is other.option_id
    and other.line < tied_answers.line
    and 'union' not in (tied_answers.set_role, other.set_role)
    and not tied_answers.is_bounded
group by tied_answers.line;

-- disclosure_rules.set_id: '{indicator_id}' counts answers that the union of '{set_id}' does not.
-- expected: parts whose every answer is one of the union
-- remedy: Take one of them out of the set; what rests on the same answers is then withheld.
select distinct line, indicator_id, set_id
from tied_answers
where
    set_role = 'part'
    and not is_bounded
    and set_id in (select set_id from tied_answers where set_role = 'union')
    and not exists (
        select 1 from tied_answers as whole
        where
            whole.set_role = 'union'
            and whole.set_id = tied_answers.set_id
            and whole.question_id = tied_answers.question_id
            and whole.option_id is tied_answers.option_id
    );

-- disclosure_rules.set_id: The question '{question_id}' is in the sets '{first_set}' and
--   '{set_id}'.
-- expected: the answers to a question in one set at most
-- remedy: Take one of them out of the set; what rests on the same answers is then withheld.
select *, min(question_id) as first_question
from (
    select
        line,
        indicator_id,
        question_id,
        set_id,
        first_value(set_id) over (partition by question_id order by set_line, line) as first_set
    from tied_answers
    inner join (
        select set_id, min(line) as set_line from tied where kind <> 'total' group by set_id
    ) using (set_id)
)
where set_id <> first_set
group by line, indicator_id;
