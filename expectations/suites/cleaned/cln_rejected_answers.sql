{% from "_shared.sql" import no_personal_answers %}
{# More rejected answers than this in a wave means a rule is wrong, not the respondents. #}
{% set maximum_share = 0.05 %}
-- table: cleaned.cln_rejected_answers
-- grain: answer that is not valid
-- keys: wave, response_key, question_id
-- refers: wave, response_key -> cleaned.cln_responses
-- refers: question_id -> registry.questions

{{ no_personal_answers("cleaned.cln_rejected_answers") }}

-- expect: at most {{ '{:.0%}'.format(maximum_share) }} of the answers of a wave are rejected
with valid as (
    select
        wave,
        count(*) as n_answers
    from cleaned.cln_answers
    group by wave
),

rejected as (
    select
        wave,
        count(*) as n_answers
    from cleaned.cln_rejected_answers
    group by wave
)

select
    rejected.wave,
    rejected.n_answers as found,
    coalesce(valid.n_answers, 0) as expected
from rejected
left join valid on rejected.wave = valid.wave
where
    rejected.n_answers > {{ maximum_share }} * (rejected.n_answers + coalesce(valid.n_answers, 0));
