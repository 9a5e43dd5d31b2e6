{#- Text shims. Each has a default (DuckDB) and a Spark version with the same result. -#}

{#- A label as it is compared: white space (no-break spaces and byte-order
    marks too) collapsed, trimmed, lower case.
    Same rule as barometer.labels.normalise_label. -#}
{% macro normalise_label(expression) -%}
    {{ return(adapter.dispatch('normalise_label', 'barometer')(expression)) }}
{%- endmacro %}

{% macro default__normalise_label(expression) -%}
    lower(trim(regexp_replace({{ expression }}, '[\s\x{00A0}\x{FEFF}]+', ' ', 'g')))
{%- endmacro %}

{% macro spark__normalise_label(expression) -%}
    lower(trim(regexp_replace({{ expression }}, r'[\s\x{00A0}\x{FEFF}]+', ' ')))
{%- endmacro %}


{#- The name of a column as it is compared: white space collapsed and trimmed, case kept.
    Same rule as landing.checks.subject.column_key. -#}
{% macro column_key(expression) -%}
    {{ return(adapter.dispatch('column_key', 'barometer')(expression)) }}
{%- endmacro %}

{% macro default__column_key(expression) -%}
    trim(regexp_replace({{ expression }}, '[\s\x{00A0}\x{FEFF}]+', ' ', 'g'))
{%- endmacro %}

{% macro spark__column_key(expression) -%}
    trim(regexp_replace({{ expression }}, r'[\s\x{00A0}\x{FEFF}]+', ' '))
{%- endmacro %}


{#- Text to number, date or timestamp; null where the text is none. -#}
{% macro to_number(expression) -%}
    try_cast(trim({{ expression }}) as double)
{%- endmacro %}

{% macro to_date(expression) -%}
    try_cast(try_cast(trim({{ expression }}) as timestamp) as date)
{%- endmacro %}

{% macro to_timestamp(expression) -%}
    try_cast(trim({{ expression }}) as timestamp)
{%- endmacro %}


{#- Hash of several columns, for keys that must not be readable. Nulls and empty text differ. -#}
{% macro surrogate_key(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append("coalesce(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '_null_')") -%}
        {%- if not loop.last -%}{%- do parts.append("'|'") -%}{%- endif -%}
    {%- endfor -%}
    {{ dbt.hash(dbt.concat(parts)) }}
{%- endmacro %}


{#- A number as a Dutch register writes it: a comma before the decimals (1.234,5), or as `to_number`
    reads it. A text with a point after its comma is neither. -#}
{% macro to_register_number(expression) -%}
    coalesce(
        {{ to_number(expression) }},
        case
            when {{ expression }} like '%,%' and {{ expression }} not like '%,%,%' and {{ expression }} not like '%,%.%'
                then {{ to_number("replace(replace(" ~ expression ~ ", '.', ''), ',', '.')") }}
        end
    )
{%- endmacro %}
