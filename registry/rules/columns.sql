-- The column mapping: what a row says, what the rows say together, and how personal data are
--   treated.

-- columns.{needed}: The column '{column_name}' has role {role} and no {needed}.
-- expected: a {needed} where the role is {role}
-- remedy: Fill it, or correct the role.
select *, 'question_id' as needed from columns where role = 'answer' and question_id is null
union all
select *, 'attribute_id' from columns where role = 'attribute' and attribute_id is null;

-- columns.{cell}: The column '{column_name}' has role {role}, and its {cell} is filled.
-- expected: an empty {cell} where the role is {role}
-- remedy: Empty the cell, or correct the role.
select *
from (
    select line, column_name, role, 'question_id' as cell, question_id as value from columns
    union all
    select line, column_name, role, 'option_id', option_id from columns
    union all
    select line, column_name, role, 'separator', separator from columns
    union all
    select line, column_name, role, 'attribute_id', attribute_id from columns
)
where
    value is not null
    and role not in ('', case when cell = 'attribute_id' then 'attribute' else 'answer' end);

-- columns.role: A frame has no role {role}.
-- expected: that role in an export only
-- remedy: Correct the kind or the role.
select * from columns
where
    kind = 'frame'
    and role in ('answer', 'response_id', 'submitted_at', 'last_page', 'test_flag');

-- columns.role: An export has no role {role}.
-- expected: that role in a frame only
-- remedy: Correct the kind or the role.
select * from columns where kind = 'export' and role in ('valid_from', 'valid_until');

-- columns.role: The attribute '{attribute_id}' is taken from the export, and the population of wave
--   '{wave}' from a frame file.
-- expected: attributes from the frame (kind frame) where frame_source is file
-- remedy: Map the frame's column instead, or change frame_source in waves.csv.
select columns.*
from columns
inner join waves using (wave)
where kind = 'export' and role = 'attribute' and frame_source = 'file';

-- A frame that is missing where it is needed is reported with its wave.
-- columns.wave, kind: No {kind} is expected of wave '{wave}'.
-- expected: a row in deliveries.csv for that wave and kind
-- remedy: Add the delivery, or delete the column.
select columns.*
from columns
inner join waves using (wave)
where
    role <> ''
    and frame_source <> ''
    and not (kind = 'frame' and frame_source = 'file')
    and (wave, kind) not in (select wave, kind from deliveries);

-- columns.option_id, separator: '{question_id}' is a multiple question, and nothing says which
--   option the column stands for.
-- expected: an option_id (one column per option) or a separator (several in one cell)
-- remedy: Fill one of the two.
select answers.*
from answers
inner join questions using (question_id)
where answer_type = 'multiple' and option_id is null and separator is null;

-- columns.option_id, separator: The column '{column_name}' has both an option and a separator.
-- expected: one of the two
-- remedy: Empty one of the two.
select answers.*
from answers
inner join questions using (question_id)
where answer_type = 'multiple' and option_id is not null and separator is not null;

-- columns.{cell}: '{question_id}' is a {answer_type} question, and the {cell} of its column
--   '{column_name}' is filled.
-- expected: {cell} for multiple questions only
-- remedy: Empty the cell, or correct the question's answer type.
select filled.*, answer_type
from (
    select line, question_id, column_name, 'option_id' as cell
    from answers where option_id is not null
    union all
    select line, question_id, column_name, 'separator'
    from answers where separator is not null
) as filled
inner join questions using (question_id)
where answer_type not in ('multiple', '');

-- columns.question_id: '{question_id}' is mapped in wave '{wave}', outside its waves.
-- expected: a wave in which it was asked: {asked}
-- remedy: Correct the question; or, if wave {wave} asked it, {mend} in questions.csv.
select
    answers.*,
    described(first_wave, last_wave) as asked,
    widened(wave, first_wave) as mend
from answers
inner join questions using (question_id)
where wave <> '' and not within(wave, first_wave, last_wave);

-- columns.option_id: The option '{option_id}' of '{question_id}' was not offered in wave '{wave}'.
-- expected: a wave in which it was: {offered}
-- remedy: Correct the option; or, if wave {wave} offered it, {mend} in options.csv.
select
    answers.*,
    described(first_wave, last_wave) as offered,
    widened(wave, first_wave) as mend
from answers
inner join option_waves using (question_id, option_id)
where
    wave <> ''
    and within(wave, question_first, question_last)
    and not within(wave, first_wave, last_wave);

-- columns.column_name: Two {targets} on one column: '{column_name}' of the {kind} of wave '{wave}'
--   answers {first_target} on line {first_line} and {target} here.
-- expected: one question, and at most one option, per column
-- remedy: Delete or correct one of the two rows.
select
    answers.*,
    min(other.line) as first_line,
    other.target as first_target,
    case when answers.question_id = other.question_id then 'options' else 'questions' end as targets
from answers
inner join answers as other using (wave, kind, column_name)
where
    other.line < answers.line
    and other.target <> answers.target
    and coalesce(answers.part = other.part, true)
group by answers.line;

-- columns.role: '{column_name}' has role {role}, and another use beside it.
-- expected: no other row for a column with role {role}
-- remedy: Delete this row, or the other.
select distinct columns.*
from columns
inner join columns as other using (wave, kind, column_name)
where
    columns.role in ('personal', 'ignore')
    and other.role <> columns.role
    and coalesce(columns.part = other.part, true);

-- Equal rows are duplicate keys.
-- columns.part: The column '{column_name}' has the same use in every part of wave '{wave}' (line
--   {other_line}).
-- expected: one row for every part, or one for each part that has the column
-- remedy: Delete this row, or fill the part of the other.
select columns.*, other.line as other_line
from columns
inner join columns as other using (wave, kind, column_name, role)
where
    columns.part is not null
    and other.part is null
    and columns.question_id is other.question_id
    and columns.option_id is other.option_id
    and columns.attribute_id is other.attribute_id;

-- Whole-question and per-option columns exclude each other too. Versions of a question, of which
-- everybody saw one, name their part in both rows: checking the file counts those who answered
-- more than one, and cleaning rejects their answers.
-- columns.question_id: One question on two columns: '{first_name}' (line {first_line}) and
--   '{column_name}' both hold {target} in wave '{wave}'.
-- expected: one column per question, or one per option, in each wave
-- remedy: Delete or correct one of the two rows. Are they versions of one question with one option,
--   of which everybody saw one? Then name the part in both rows.
select answers.*, min(other.line) as first_line, other.column_name as first_name
from answers
inner join answers as other using (wave, question_id)
left join questions using (question_id)
where
    other.line < answers.line
    and other.column_name <> answers.column_name
    and coalesce(answers.option_id = other.option_id, true)
    and coalesce(answers.part = other.part, true)
    and not (
        coalesce(takes_one_answer(answer_type), false)
        and answers.option_id is null
        and other.option_id is null
        and answers.part is not null
        and other.part is not null
    )
group by answers.line;

-- columns.role: Two columns of the {kind} of wave '{wave}' have role {role}: '{first_name}' (line
--   {first_line}) and '{column_name}'.
-- expected: one column with role {role}
-- remedy: Give one of them another role, such as ignore.
select columns.*, min(other.line) as first_line, other.column_name as first_name
from columns
inner join columns as other using (wave, kind, role)
inner join waves using (wave)
where
    role not in ('answer', 'attribute', 'personal', 'ignore', '')
    and (kind = 'export' or frame_source = 'file')
    and other.line < columns.line
    and other.column_name <> columns.column_name
    and coalesce(columns.part = other.part, true)
group by columns.line;

-- columns.treatment: The column '{column_name}' {why}, and nothing says how it is protected.
-- expected: drop or pseudonymise
-- remedy: Choose drop, unless the same person has to be recognised in another file.
select
    columns.*,
    case
        when role = 'personal' then 'has role personal'
        else 'answers the personal question ''' || question_id || ''''
    end as why
from columns
left join questions using (question_id)
where treatment is null and (role = 'personal' or (role = 'answer' and is_personal));

-- columns.treatment: The column '{column_name}' has role {role}, and its treatment is {treatment}.
-- expected: pseudonymise, or nothing: without its key a row means nothing
-- remedy: Correct the treatment, or the role.
select * from columns
where role in ('response_id', 'organisation_key') and treatment <> 'pseudonymise';

-- columns.treatment: The column '{column_name}' has role {role} and is no personal answer; its
--   treatment is {treatment}.
-- expected: a treatment for role personal, personal questions (is_personal), response ids and
--   organisation keys only
-- remedy: Empty the cell, or mark the column or its question as personal.
select columns.*
from columns
left join questions using (question_id)
where
    treatment is not null
    and role not in ('personal', 'response_id', 'organisation_key')
    and not (role = 'answer' and coalesce(is_personal, false));

-- Role personal stands alone: another use beside it is a mistake told elsewhere.
-- columns.treatment: The column '{column_name}' is also used on line {other_line}, with treatment
--   {other_treatment}.
-- expected: one treatment for all uses of a column: there is one cell
-- remedy: Give both rows the same treatment, or delete one of the two uses.
select columns.*, min(other.line) as other_line, other.treatment as other_treatment
from columns
inner join columns as other using (wave, kind, column_name)
where
    other.treatment is not null
    and columns.treatment is not other.treatment
    and (columns.role = other.role or 'personal' not in (columns.role, other.role))
    and coalesce(columns.part = other.part, true)
group by columns.line;

-- columns.treatment: The organisation key '{column_name}' of the {kind} of wave '{wave}' is treated
--   otherwise than '{first_name}' of the {first_kind} (line {first_line}).
-- expected: one treatment for the organisation keys of every file of a wave
-- remedy: Give them the same treatment, or no response finds its organisation.
select *
from (
    select
        *,
        first_value(line) over by_wave as first_line,
        first_value(kind) over by_wave as first_kind,
        first_value(column_name) over by_wave as first_name,
        first_value(treatment) over by_wave as first_treatment
    from columns
    where role = 'organisation_key'
    window by_wave as (partition by wave order by line)
)
where treatment is not first_treatment;

-- deliveries.archive: The {kind} of wave '{wave}' holds personal data (column '{column_name}',
--   columns.csv line {treated}) and would be kept as it is.
-- expected: encrypted or off, unless the file is synthetic
-- remedy: Choose encrypted (and set BAROMETER_ARCHIVE_KEY when landing) or off.
select deliveries.*, column_name, min(columns.line) as treated
from deliveries
inner join columns using (wave, kind)
where
    archive = 'plain'
    and not is_synthetic
    and treatment is not null
    and coalesce(columns.part = deliveries.part, true)
group by deliveries.line;
