{# More unknown codes than this among the coded answers of a wave means the code list is wrong. #}
{% set maximum_share = 0.05 %}
-- table: staging.stg_unmapped_codes
-- grain: raw value that the code list does not know
-- keys: wave, question_id

-- expect: at most {{ '{:.0%}'.format(maximum_share) }} of a wave's coded answers are unknown codes
with known as (
    select
        wave,
        count(*) as n_cells
    from cleaned.cln_answers
    where option_id is not null
    group by wave
),

unknown as (
    select
        wave,
        sum(n_cells) as n_cells
    from staging.stg_unmapped_codes
    group by wave
)

select
    unknown.wave,
    unknown.n_cells as found,
    known.n_cells as expected
from unknown
left join known on unknown.wave = known.wave
where unknown.n_cells > {{ maximum_share }} * (unknown.n_cells + coalesce(known.n_cells, 0));

-- expect: no value of a personal or free-text question is listed
select distinct
    unknown.wave,
    unknown.question_id
from staging.stg_unmapped_codes as unknown
inner join registry.questions as questions
    on unknown.question_id = questions.question_id
where questions.is_personal or questions.answer_type = 'text';
