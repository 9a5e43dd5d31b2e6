{#- Several options in one cell, with the separator inside labels too: `Yes, definitely, No`.

    Every separator becomes a boundary, a sign that no answer holds, written twice so that each
    part has its own two. Then the labels of the registry that hold the separator are looked for,
    longest first, and where one fits the boundaries inside it become separators again.
    Same rule as barometer.multi_select.split_values. -#}

{#- The labels that hold the separator, longest first; an aggregate. -#}
{% macro longest_first(label) -%}
    {{ return(adapter.dispatch('longest_first', 'barometer')(label)) }}
{%- endmacro %}

{% macro default__longest_first(label) -%}
    list({{ label }} order by length({{ label }}) desc, {{ label }})
{%- endmacro %}

{% macro spark__longest_first(label) -%}
    transform(
        sort_array(collect_list(struct(-length({{ label }}) as shortness, {{ label }} as label))),
        item -> item.label
    )
{%- endmacro %}


{#- One row per option in a cell, in a select list, normalised; `labels` may be null. -#}
{% macro split_values(expression, separator, labels) -%}
    {{ return(adapter.dispatch('split_values', 'barometer')(expression, separator, labels)) }}
{%- endmacro %}

{% macro default__split_values(expression, separator, labels) -%}
    {%- set marked = _marked_cell(expression, separator) -%}
    unnest(string_split(
        coalesce(list_reduce({{ labels }}, (cell, label) -> {{ _whole_label(separator) }}, {{ marked }}), {{ marked }}),
        '␟␟'
    ))
{%- endmacro %}

{% macro spark__split_values(expression, separator, labels) -%}
    {%- set marked = _marked_cell(expression, separator) -%}
    explode(split(
        coalesce(aggregate({{ labels }}, {{ marked }}, (cell, label) -> {{ _whole_label(separator) }}), {{ marked }}),
        '␟␟'
    ))
{%- endmacro %}

{#- A part as `split_values` returns it, without its signs. -#}
{% macro plain_mark(part, separator) -%}
    trim(replace(replace({{ part }}, '␟', ''), '␞', lower({{ separator }})))
{%- endmacro %}

{% macro _marked_cell(expression, separator) -%}
    concat('␟', {{ _boundaries(normalise_label("replace(" ~ expression ~ ", " ~ separator ~ ", '␟␟')")) }}, '␟')
{%- endmacro %}

{% macro _boundaries(expression) -%}
    replace(replace({{ expression }}, ' ␟␟', '␟␟'), '␟␟ ', '␟␟')
{%- endmacro %}

{% macro _whole_label(separator) -%}
    replace(
        cell,
        concat('␟', {{ _boundaries("replace(label, lower(" ~ separator ~ "), '␟␟')") }}, '␟'),
        concat('␟', replace(label, lower({{ separator }}), '␞'), '␟')
    )
{%- endmacro %}
