"""What breaks each expectation on the rows of the cleaned layer, in the small warehouse."""

from __future__ import annotations

NEW_ANSWER = "insert into cleaned.cln_answers values ('2024', {})"

CLEANED: dict[str, dict[str, str]] = {
    "cleaned.staging.stg_unmapped_columns": {
        "every column of a delivery is listed in the registry": """
            insert into staging.stg_unmapped_columns values ('e', '2024', 'export', 7, 'new')
        """,
    },
    "cleaned.staging.stg_unmapped_codes": {
        "at most 5% of a wave's coded answers are unknown codes": """
            insert into staging.stg_unmapped_codes values ('2024', 'innovated', '9', 3)
        """,
        "no value of a personal or free-text question is listed": """
            insert into staging.stg_unmapped_codes values ('2024', 'address', 'secret', 1)
        """,
    },
    "cleaned.cln_frame": {
        "every row of the current frames is there, and no other": """
            insert into cleaned.cln_frame values ('2024', 'e', 1, 'o9', 'ended')
        """,
        "a row that repeats or contradicts another leaves one that counts": """
            update cleaned.cln_frame
            set organisation_key = 'o9', exclusion_reason = 'repeated_row'
            where organisation_key in ('o4', 'o5')
        """,
    },
    "cleaned.cln_organisations": {
        "every wave exists in registry.waves": """
            update cleaned.cln_organisations set wave = '2023' where organisation_key = 'o1'
        """,
        "every organisation of the frame, or of a response where there is none, is there": """
            delete from cleaned.cln_organisations where organisation_key = 'o6'
        """,
    },
    "cleaned.cln_organisation_groups": {
        "every wave, organisation_key exists in cleaned.cln_organisations": """
            insert into cleaned.cln_organisation_groups values ('2024', 'o9', 'form', 'zbo', true)
        """,
        "every classification_id, group_id exists in staging.stg_organisation_groups": """
            update cleaned.cln_organisation_groups set group_id = 'guild' where group_id = 'zbo'
        """,
        "an organisation is placed in exactly one group of a classification": """
            insert into cleaned.cln_organisation_groups
            values ('2024', 'o1', 'layer', 'courts', true)
        """,
        "who is in a group is in its parent too": """
            delete from cleaned.cln_organisation_groups
            where organisation_key = 'o1' and group_id = 'all'
        """,
        "every organisation has a group in every exhaustive classification": """
            delete from cleaned.cln_organisation_groups
            where organisation_key = 'o6' and classification_id = 'layer'
        """,
        "a classification that divides a group holds organisations of that group only": """
            delete from cleaned.cln_organisation_groups
            where organisation_key = 'o1' and group_id = 'agencies'
        """,
    },
    "cleaned.cln_responses": {
        "every wave, organisation_key exists in cleaned.cln_organisations": """
            update cleaned.cln_responses set organisation_key = 'o9' where response_key = 'r2'
        """,
        "every delivered row is kept or excluded with a reason, once": """
            delete from cleaned.cln_responses where response_key = 'r5'
        """,
        "as many responses are kept as the registry expects of the wave": """
            delete from cleaned.cln_responses where response_key > 'r2'
        """,
    },
    "cleaned.cln_excluded_responses": {
        "no excluded response is kept as well": """
            update cleaned.cln_excluded_responses set response_key = 'r1'
        """,
    },
    "cleaned.cln_weights": {
        "every wave, response_key exists in cleaned.cln_responses": """
            update cleaned.cln_weights set response_key = 'r8' where response_key = 'r5'
        """,
        "every kept response has a weight": """
            delete from cleaned.cln_weights where response_key = 'r1'
        """,
        "a stratum has one population and one count of responses, and one weight by design": """
            update cleaned.cln_weights set design_weight = 1.5 where response_key = 'r1'
        """,
        "the weights of a stratum add up to its population, where the design gives them": """
            update cleaned.cln_weights set population_count = 3, response_count = 1
            where stratum_id = 'courts'
        """,
        "without margins the weight is that of the design": """
            update cleaned.cln_weights set weight = 2 where response_key = 'r1'
        """,
        "the weights of a group of a margin add up to its organisations": """
            insert into cleaned.cln_weighting_margins values ('2024', 'layer', 'courts', 3)
        """,
        "the weights of a wave add up to the organisations of its covered strata, by design": """
            update cleaned.cln_strata set is_covered = false where stratum_id = 'courts'
        """,
        "the strata of a wave hold every organisation of its frame": """
            update cleaned.cln_strata set population_count = 3 where stratum_id = 'courts'
        """,
    },
    "cleaned.cln_answers": {
        "one row per wave, response_key, question_id, option_id": NEW_ANSWER.format(
            "'r1', 'staff', null, 51"
        ),
        "every wave, response_key exists in cleaned.cln_responses": NEW_ANSWER.format(
            "'r9', 'innovated', 'yes', null"
        ),
        "every answered question was on the questionnaire of the wave": NEW_ANSWER.format(
            "'r1', 'abolished', 'yes', null"
        ),
        "every question_id, option_id exists in registry.options": NEW_ANSWER.format(
            "'r1', 'reason', 'boredom', null"
        ),
        "no answer to a personal or free-text question is kept": NEW_ANSWER.format(
            "'r1', 'address', null, null"
        ),
        "the question existed in the wave": NEW_ANSWER.format("'r1', 'abolished', 'yes', null"),
        "the option existed in the wave": NEW_ANSWER.format("'r1', 'reason', 'fashion', null"),
        "don't know and not applicable are no answers": """
            update cleaned.cln_answers set option_id = 'unsure'
            where question_id = 'innovated' and response_key = 'r5'
        """,
        "an answer has the form that its question asks for": """
            update cleaned.cln_answers set numeric_value = null where question_id = 'staff'
        """,
        "a number lies within the limits of its question": """
            update cleaned.cln_answers set numeric_value = 101
            where question_id = 'staff' and response_key = 'r1'
        """,
        "only a multiple-choice question has more than one answer": NEW_ANSWER.format(
            "'r1', 'innovated', 'no', null"
        ),
        "nobody gave more answers than the question allows": NEW_ANSWER.format(
            "'r1', 'reason', 'fashion', null"
        ),
        "an option that excludes all others stands alone": NEW_ANSWER.format(
            "'r1', 'reason', 'none', null"
        ),
        "no question is answered that was not asked": """
            update cleaned.cln_response_questions set status = 'not_asked'
            where question_id = 'reason'
        """,
        "no answer stands beside an answer that rules the question out": NEW_ANSWER.format(
            "'r2', 'climate', 'low', 1"
        ),
        "where a question is only for some, one of the answers that open it was given": (
            NEW_ANSWER.format("'r3', 'reason', 'law', null")
        ),
    },
    "cleaned.cln_rejected_answers": {
        "every wave, response_key exists in cleaned.cln_responses": """
            insert into cleaned.cln_rejected_answers
            values ('2024', 'r9', 'innovated', '9', 'unknown_code')
        """,
        "every question_id exists in registry.questions": """
            insert into cleaned.cln_rejected_answers
            values ('2024', 'r1', 'mystery', '9', 'unknown_code')
        """,
        "no answer to a personal or free-text question is kept": """
            insert into cleaned.cln_rejected_answers
            values ('2024', 'r1', 'address', 'secret', 'unknown_code')
        """,
        "at most 5% of the answers of a wave are rejected": """
            insert into cleaned.cln_rejected_answers
            select '2024', 'r1', 'innovated', '9', 'unknown_code' from range(3)
        """,
    },
    "cleaned.cln_response_questions": {
        "every wave, response_key exists in cleaned.cln_responses": """
            insert into cleaned.cln_response_questions
            values ('2024', 'r9', 'innovated', 'no_answer')
        """,
        "no answer to a personal or free-text question is kept": """
            insert into cleaned.cln_response_questions
            values ('2024', 'r1', 'address', 'no_answer')
        """,
        "a response has a status for every question of its wave's questionnaire": """
            delete from cleaned.cln_response_questions
            where response_key = 'r1' and question_id = 'reason'
        """,
        "a question is answered exactly when a valid answer is kept": """
            update cleaned.cln_response_questions set status = 'answered'
            where status = 'not_asked'
        """,
    },
    "cleaned.cln_indicator_values": {
        "every wave, response_key exists in cleaned.cln_responses": """
            update cleaned.cln_indicator_values set response_key = 'r9' where response_key = 'r5'
        """,
        "every indicator_id exists in registry.indicators": """
            update cleaned.cln_indicator_values set indicator_id = 'luck'
            where indicator_id = 'mood'
        """,
        "there is a value exactly when the status says so": """
            update cleaned.cln_indicator_values set status = 'dont_know' where response_key = 'r1'
        """,
        "a share is 0 or 1 for one response": """
            update cleaned.cln_indicator_values set value = 0.5 where indicator_id = 'innovating'
        """,
        "a count is a whole number from 0 to the number of its items": """
            update cleaned.cln_indicator_values set value = 3
            where indicator_id = 'reasons' and response_key = 'r1'
        """,
        "a mean of scores lies within the scores of its options": """
            update cleaned.cln_indicator_values set value = 5.5
            where indicator_id = 'mood' and response_key = 'r1'
        """,
        "a response with a value counts towards an estimate": """
            update cleaned.cln_indicator_values set denominator = 2 where response_key = 'r1'
        """,
    },
}
