{# What several tables have in common. A caller names the table, its key columns and its figures. #}

{# What lies this far apart is the same number, computed in another order. #}
{% set rounding = "1e-9" %}

{% set group_keys = ["wave", "classification_id", "group_id"] %}
{% set estimate_keys = group_keys + ["indicator_id"] %}
{% set scale_keys = group_keys + ["scale_id"] %}
{% set comparison_keys = ["wave", "comparison_id", "indicator_id"] %}
{% set trend_keys = ["classification_id", "group_id", "indicator_id", "wave_from", "wave"] %}

{% set rate_figures = ["n_population", "n_responses", "response_rate"] %}
{% set estimate_counts = ["n_asked", "n_answered", "n_dont_know", "n_not_asked"] %}
{% set estimate_numbers = [
    "dont_know_share",
    "not_asked_share",
    "unweighted_estimate",
    "unweighted_lower",
    "unweighted_upper",
    "estimate",
    "standard_error",
    "design_effect",
    "n_effective",
    "interval_size",
    "estimate_lower",
    "estimate_upper",
    "item_nonresponse_rate",
    "bound_lower",
    "bound_upper",
] %}
{% set estimate_methods = ["interval_method", "precision_status"] %}
{% set estimate_figures = ["n_responses"] + estimate_counts + estimate_numbers + estimate_methods %}
{% set finding_figures = [
    "n_answered",
    "estimate",
    "estimate_lower",
    "estimate_upper",
    "standard_error",
    "n_answered_comparator",
    "estimate_comparator",
    "difference_from_comparator",
    "n_answered_previous",
    "estimate_previous",
    "change",
] %}
{% set suppression = ["suppression_status", "suppression_reason"] %}
{% set test_figures = [
    "difference",
    "difference_lower",
    "difference_upper",
    "p_value",
    "p_adjusted",
    "n_tests",
] %}
{% set sides = ["n_answered_a", "n_answered_b", "estimate_a", "estimate_b"] %}
{% set ends = ["n_answered_from", "n_answered", "n_both", "estimate_from", "estimate"] %}
{% set comparison_figures = sides + test_figures %}
{% set trend_figures = ends + test_figures %}

{# The text per column, % its name: each(["a", "b"], "% > 0", " or ") is "a > 0 or b > 0". #}
{% macro each(columns, text, between) -%}
{% for column in columns %}{{ text | replace("%", column) }}{{ between if not loop.last }}{% endfor %}
{%- endmacro %}

{# Every table of figures about groups in a wave. #}
{% macro figures_of_groups(table, keys, figures, has_rows=true) %}
{{ "-- not empty" if has_rows }}
-- refers: wave -> core.dim_waves
-- refers: classification_id, group_id -> core.dim_organisation_groups

{{ blank_where_suppressed(table, keys, figures) }}

-- expect: what is suppressed has a reason, and nothing else has
select {{ keys | join(", ") }}
from {{ table }}
where
    (suppression_status = 'suppressed')
    <> (suppression_reason is not null and suppression_reason <> '');
{% endmacro %}

{% macro blank_where_suppressed(table, keys, figures) %}
-- expect: what is suppressed has no figures
select {{ keys | join(", ") }}
from {{ table }}
where suppression_status = 'suppressed' and (
    {{ each(figures, "% is not null", "\n    or ") }}
);
{% endmacro %}

{# Every table of tested differences. #}
{% macro tested_differences(table, keys, figures) %}
-- refers: wave -> core.dim_waves
-- refers: indicator_id -> core.dim_indicators

-- expect: what is suppressed has no figures, and a reason
select {{ keys | join(", ") }}
from {{ table }}
where
    (suppression_status = 'suppressed') <> (suppression_reason is not null)
    or (suppression_status = 'suppressed' and (
        {{ each(figures, "% is not null", "\n        or ") }}
    ));

-- expect: an adjusted p-value is a probability, and not below the p-value itself
select {{ keys | join(", ") }}
from {{ table }}
where
    not (p_value between 0 and 1) or not (p_adjusted between 0 and 1)
    or p_adjusted < p_value or (p_adjusted is not null and p_value is null);
{% endmacro %}

{# Those of them that rest on the answers of two sides, and say which is higher. #}
{% macro two_sided_differences(table, keys, counts, minimum_base, significance_level, higher, lower) %}
-- expect: a published difference has at least {{ minimum_base }} answers on both sides
select {{ keys | join(", ") }}
from {{ table }}
where suppression_status = 'published' and (
    {{ each(counts, "coalesce(%, 0) < " ~ minimum_base, " or ") }}
);

-- expect: a verdict that says which way follows a significant test, in its direction
select {{ keys | join(", ") }}
from {{ table }}
where verdict in ('{{ higher }}', '{{ lower }}') and (
    p_adjusted is null or p_adjusted > {{ significance_level }} + {{ rounding }}
    or (verdict = '{{ higher }}') <> (difference > 0)
);
{% endmacro %}

{# A table that repeats a fact with labels. #}
{% macro repeats(table, fact, keys, figures) %}
-- expect: every row says the same as {{ fact }}
select {{ each(keys, "here.%", ", ") }}
from {{ table }} as here
left join {{ fact }} as fact on {{ each(keys, "here.% = fact.%", " and ") }}
where
    fact.wave is null
    or {{ each(figures + suppression, "here.% is distinct from fact.%", "\n    or ") }};

-- expect: every row of {{ fact }} is there
select {{ each(keys, "fact.%", ", ") }}
from {{ fact }} as fact
left join {{ table }} as here on {{ each(keys, "here.% = fact.%", " and ") }}
where here.wave is null;
{% endmacro %}

{# A table from which the release cuts one schema per reader group. #}
{% macro told_to_readers(table, keys, source, sides=["group_id"]) %}
{% set here %}
select reader_group_id, {{ keys | join(", ") }}
from {{ table }}
{% endset %}
{% set own %}
select distinct readers.reader_group_id, {{ each(keys, "source.%", ", ") }}
from {{ source }} as source
inner join groups.readers as readers
    on
        source.classification_id = readers.classification_id
        and readers.group_id in ({{ each(sides, "source.%", ", ") }})
{% endset %}
-- expect: every row is one of the core marts, about a group of its reader
({{ here | trim }})
except all
({{ own | trim }});

-- expect: every row of the core marts about a group of a reader is there
({{ own | trim }})
except all
({{ here | trim }});
{% endmacro %}

{# Answers that must never come this far. #}
{% macro no_personal_answers(table) %}
-- expect: no answer to a personal or free-text question is kept
select distinct answers.wave, answers.response_key, answers.question_id
from {{ table }} as answers
inner join registry.questions as questions on answers.question_id = questions.question_id
where questions.is_personal or questions.answer_type = 'text';
{% endmacro %}

{# A figure about a scale. #}
{% macro enough_answers(table, what, count, base) %}
-- expect: {{ what }} has at least {{ base }} answers behind it
select wave, classification_id, group_id
from {{ table }}
where suppression_status = 'published' and ({{ count }} is null or {{ count }} < {{ base }});
{% endmacro %}

{% macro share_within_interval(table) %}
-- expect: a share lies between 0 and 1 and within its interval
select wave, classification_id, group_id
from {{ table }}
where
    estimate_lower < -{{ rounding }} or estimate_upper > 1 + {{ rounding }}
    or estimate_lower > estimate + {{ rounding }}
    or estimate_upper < estimate - {{ rounding }}
    or (suppression_status = 'published' and estimate_lower is null);
{% endmacro %}
