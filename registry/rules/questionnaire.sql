-- Questions, their options, routing, comparability breaks, and codes.

-- questions.answer_type: The {answer_type} question '{question_id}' has no options.
-- expected: at least one row in options.csv that is not a missing answer
-- remedy: Add the options, or correct the answer type.
select * from questions
where
    answer_type in ('single', 'multiple', 'scale')
    and question_id not in (select question_id from options where not is_missing);

-- questions.{column}: '{column}' is filled, and '{question_id}' is no {only_for} question.
-- expected: an empty cell, unless answer_type is {only_for}
-- remedy: Empty the cell, or correct the answer type.
select *, 'minimum' as column, 'number' as only_for
from questions where minimum is not null and answer_type <> 'number'
union all
select *, 'maximum', 'number'
from questions where maximum is not null and answer_type <> 'number'
union all
select *, 'maximum_answers', 'multiple'
from questions where maximum_answers is not null and answer_type <> 'multiple';

-- questions.maximum_answers: At most {maximum_answers} of the {n_options} options of
--   '{question_id}' may be ticked.
-- expected: 1 to {n_options}, or an empty cell: no limit
-- remedy: Correct the number, or empty the cell.
select questions.*, count(option_id) as n_options
from questions
left join options using (question_id)
where answer_type = 'multiple' and maximum_answers is not null and is_missing is not true
group by questions.line
having maximum_answers not between 1 and max(1, count(option_id));

-- questions.first_wave, last_wave: The last wave '{last_wave}' comes before the first,
--   '{first_wave}'.
-- expected: first_wave not after last_wave
-- remedy: Correct or swap the two.
select * from questions where last_wave < first_wave;

-- options.first_wave, last_wave: The last wave '{last_wave}' comes before the first,
--   '{first_wave}'.
-- expected: first_wave not after last_wave
-- remedy: Correct or swap the two.
select * from options where last_wave < first_wave;

-- options.option_id: 'selected' is a reserved word: in codes.csv it means the column's option.
-- expected: another id
-- remedy: Rename the option.
select * from options where option_id = 'selected';

-- options.missing_reason: The option '{option_id}' of question '{question_id}' is a missing answer
--   without a reason.
-- expected: a missing_reason where is_missing is true
-- remedy: Fill missing_reason, or set is_missing to false.
select * from options where is_missing and missing_reason is null;

-- options.missing_reason: The option '{option_id}' of question '{question_id}' has a
--   missing_reason, but is_missing is false.
-- expected: missing_reason only where is_missing is true
-- remedy: Empty missing_reason, or set is_missing to true.
select * from options where not is_missing and missing_reason is not null;

-- options.question_id: The option '{option_id}' cannot be chosen: '{question_id}' is a
--   {answer_type} question.
-- expected: options with is_missing true only, for number, date and text questions
-- remedy: Delete the option, or correct the question's answer type.
select * from option_waves where answer_type in ('number', 'date', 'text') and not is_missing;

-- options.score: The option '{option_id}' of the scale question '{question_id}' has no score.
-- expected: a score on every option of a scale question, except on missing answers
-- remedy: Fill the score.
select * from option_waves where answer_type = 'scale' and not is_missing and score is null;

-- options.score: The option '{option_id}' of the scale question '{question_id}' is a missing answer
--   with a score.
-- expected: a score on every option of a scale question, except on missing answers
-- remedy: Empty the score.
select * from option_waves where answer_type = 'scale' and is_missing and score is not null;

-- options.is_exclusive: The option '{option_id}' is exclusive, but '{question_id}' is a
--   {answer_type} question.
-- expected: is_exclusive true in multiple questions only
-- remedy: Set is_exclusive to false: one answer excludes the others anyway.
select * from option_waves where is_exclusive and answer_type not in ('multiple', '');

-- options.first_wave, last_wave: The option '{option_id}' is never offered: it is valid {own}, its
--   question {of_question}.
-- expected: at least one wave in which both exist
-- remedy: Correct the waves of the option or of the question.
select
    *,
    described(first_wave, last_wave) as own,
    described(question_first, question_last) as of_question
from option_waves
where not exists (
    select 1 from waves
    where
        within(wave, option_waves.first_wave, option_waves.last_wave)
        and within(wave, question_first, question_last)
);

-- comparability_breaks.wave: '{question_id}' cannot break in wave '{wave}': it was asked {asked}.
-- expected: a wave in which the question was asked, after its first
-- remedy: Correct the wave, or the waves of the question.
select breaks.*, described(first_wave, last_wave) as asked
from comparability_breaks as breaks
inner join questions using (question_id)
where wave <> '' and (wave <= first_wave or not within(wave, first_wave, last_wave));

-- A wave compares as text; each is held against the one before in which the question was asked.
-- options.first_wave, last_wave: '{question_id}' offers other answers in wave '{wave}' than in
--   '{before}' ({changed_options}), and no break is declared.
-- expected: a row for '{question_id}' and wave '{wave}' in comparability_breaks.csv
-- remedy: Declare the break; where an indicator compares all the same, say why in
--   comparability_bridges.csv.
with asked as (
    select
        question_id,
        wave,
        lag(wave) over (partition by question_id order by wave) as before
    from questions
    inner join waves on within(wave, first_wave, last_wave)
),

changed as (
    select option_waves.line, option_waves.option_id, asked.*
    from asked
    inner join option_waves using (question_id)
    where
        asked.before is not null
        and not option_waves.is_missing
        and within(asked.wave, option_waves.first_wave, option_waves.last_wave)
        <> within(asked.before, option_waves.first_wave, option_waves.last_wave)
)

select
    min(line) as line,
    question_id,
    wave,
    before,
    group_concat(option_id, ', ') as changed_options
from changed
where not exists (
    select 1 from comparability_breaks as breaks
    where
        breaks.question_id = changed.question_id
        and breaks.wave > changed.before
        and breaks.wave <= changed.wave
)
group by question_id, wave, before;

-- routing.condition_option_id: The condition never holds: '{condition_option_id}' of
--   '{condition_question_id}' is a missing answer.
-- expected: an option that is a valid answer
-- remedy: Name another option, or turn the condition around (any_of, none_of).
select routing.*
from routing
inner join options
    on
        routing.condition_question_id = options.question_id
        and routing.condition_option_id = options.option_id
where is_missing;

-- routing.condition_question_id: '{question_id}' and its condition '{condition_question_id}' were
--   never asked in the same wave.
-- expected: a condition on a question of the same waves
-- remedy: Correct the question, or its first and last wave.
select routing.*
from routing
inner join questions as asked on routing.question_id = asked.question_id
inner join questions as condition on routing.condition_question_id = condition.question_id
where not exists (
    select 1 from waves
    where
        within(wave, asked.first_wave, asked.last_wave)
        and within(wave, condition.first_wave, condition.last_wave)
);

-- codes.option_id: No question has an option '{option_id}'.
-- expected: an option_id of at least one question in options.csv, or selected
-- remedy: {did_you_mean}Correct it, or add the option.
select
    *,
    option_id as misspelt,
    (select group_concat(option_id, ' ') from options) as known
from codes
where
    question_id is null
    and option_id <> 'selected'
    and option_id not in (select option_id from options);

-- codes.wave: '{question_id}' was not asked in wave '{wave}'.
-- expected: a wave in which it was: {asked}
-- remedy: Correct the wave; or, if wave {wave} asked it, {mend} in questions.csv.
select
    codes.*,
    described(first_wave, last_wave) as asked,
    widened(wave, first_wave) as mend
from codes
inner join questions using (question_id)
where wave is not null and not within(wave, first_wave, last_wave);

-- codes.option_id: The option '{option_id}' of '{question_id}' was not offered in wave '{wave}'.
-- expected: a wave in which it was: {offered}
-- remedy: Correct the option; or, if wave {wave} offered it, {mend} in options.csv.
select
    codes.*,
    described(first_wave, last_wave) as offered,
    widened(wave, first_wave) as mend
from codes
inner join option_waves using (question_id, option_id)
where
    within(wave, question_first, question_last)
    and not within(wave, first_wave, last_wave);

-- codes.{column}: '{mark}' says whether a box is ticked, and '{question_id}' has no column per
--   option.
-- expected: an option of the question, or a reason why there is no answer
-- remedy: Name the option, or map one column per option in columns.csv.
select *
from (
    select line, question_id, 'option_id' as column, option_id as mark from codes
    union all
    select line, question_id, 'missing_reason', missing_reason from codes
)
where
    (column, mark) in (values ('option_id', 'selected'), ('missing_reason', 'not_selected'))
    and question_id in (select question_id from questions)
    and question_id not in (select question_id from answers where option_id is not null);

-- codes.raw_value: The raw value is white space only.
-- expected: a value; an empty cell needs no code
-- remedy: Delete the row.
select * from labelled_codes where raw_value <> '' and label = '';

-- The same text twice is a duplicate key, and reported as such.
-- codes.raw_value: '{raw_value}' and '{first_value}' (line {first_line}) are the same value after
--   trimming and lower-casing, {consequence}.
-- expected: one row per value, white space and case aside
-- remedy: Delete one of the two rows, or decide which of the two the value means.
select
    *,
    case
        when meaning = first_meaning then 'so this row says nothing new'
        else 'and mean ''' || meaning || ''' and ''' || first_meaning || ''''
    end as consequence
from (
    select
        line,
        raw_value,
        coalesce(option_id, missing_reason) as meaning,
        first_value(line) over alike as first_line,
        first_value(raw_value) over alike as first_value,
        first_value(coalesce(option_id, missing_reason)) over alike as first_meaning
    from labelled_codes
    where label <> ''
    window alike as (partition by question_id, wave, label order by line)
)
where raw_value <> first_value;
