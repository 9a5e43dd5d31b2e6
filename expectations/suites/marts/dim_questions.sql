-- table: core.dim_questions
-- grain: question
-- keys: question_id
-- not empty
-- refers: question_id -> registry.questions

-- expect: no personal question is listed
select listed.question_id from core.dim_questions as listed
inner join registry.questions as questions
    on listed.question_id = questions.question_id
where questions.is_personal;
