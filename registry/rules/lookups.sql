-- What several rules look at, made once before they run.

-- The waves in which an option can be chosen, as text: both ends, its own before its question's.
create table option_waves as
select
    options.*,
    questions.answer_type,
    questions.first_wave as question_first,
    questions.last_wave as question_last
from options
inner join questions using (question_id);

-- Rows of the column mapping that hold answers, and what they answer in words.
create table answers as
select
    columns.*,
    '''' || question_id || '''' || coalesce(', option ''' || option_id || '''', '') as target
from columns
where role = 'answer' and question_id <> '';

-- Codes with their raw value as it is compared.
create table labelled_codes as
select *, label(raw_value) as label from codes;

-- The groups around each group, at any distance; in a circle a group is around itself.
create table around as
with recursive upward as (
    select group_id, parent_group_id as outer_id
    from organisation_groups
    where parent_group_id is not null
    union
    select upward.group_id, organisation_groups.parent_group_id
    from upward
    inner join organisation_groups on upward.outer_id = organisation_groups.group_id
    where organisation_groups.parent_group_id is not null
)

select * from upward;

-- What a disclosure rule of an indicator counts, by set.
create table tied as
select
    disclosure_rules.*,
    indicators.kind,
    minimum_count is not null or maximum_count is not null as is_bounded
from disclosure_rules
inner join indicators using (indicator_id)
where set_id is not null;

create table tied_answers as
select tied.*, question_id, option_id
from tied
inner join indicator_items using (indicator_id)
where kind <> 'total' and part = 'numerator';

-- The sets, each at the line of its first member; one with a total in it is a set of totals.
create table sets as
select
    min(rules.line) as line,
    set_id,
    count(*) as n_members,
    count(set_role) as n_roles,
    sum(set_role is 'option') as n_options,
    sum(set_role is 'union') as n_unions,
    sum(kind is 'total') as n_totals,
    min(case when kind is not 'total' then rules.line end) as first_other,
    group_concat(set_role, ', ') as roles
from (select * from disclosure_rules order by set_role) as rules
left join indicators using (indicator_id)
where set_id is not null
group by set_id;

-- Schemas of the warehouse, of the databases it is published in, and names of catalogs.
create table reserved_schemas as
select column1 as name
from (
    values
    ('raw'), ('registry'), ('staging'), ('cleaned'), ('estimation'), ('core'), ('groups'),
    ('topics'), ('build_state'), ('main'), ('build'), ('memory'), ('system'), ('temp'),
    ('public'), ('information_schema'), ('pg_catalog')
);
