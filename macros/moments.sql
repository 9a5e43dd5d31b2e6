{#- Moments as people and tools write them: `2019-12-13 09:50:30`, `12/13/2019 9:50:30 PM`,
    `2019/12/13 9:50:30 AM GMT+1`. With the year last the registry must say what comes first
    (`date_order`: day_first or month_first). Null where the text is no moment, or where nobody
    said how it is meant. A number from 20000 to 79999 is a moment as a spreadsheet counts it, in
    days since 30 December 1899. A time zone is left out: the clock of the form counts. Rounded to
    whole seconds, as tools do in text: a workbook of the same answers holds thousandths.
    Same rule as barometer.moments.plain_moment. -#}
{% macro to_moment(expression, date_order) -%}
    {%- set moment -%}
        try_cast({{ year_first(_without_suffixes(expression), date_order) }} as timestamp)
    {%- endset -%}
    {%- set suffix = "replace(lower(" ~ _without_zone("trim(" ~ expression ~ ")") ~ "), '.', '')" -%}
    {%- set days = "try_cast(replace(trim(" ~ expression ~ "), ',', '.') as double)" -%}
    date_trunc('second', interval '500' millisecond + case
        when {{ fits("trim(" ~ expression ~ ")", '^[2-7][0-9]{4}([.,][0-9]+)?$') }}
            then timestamp '1899-12-30 00:00:00'
                + cast(floor({{ days }}) as integer) * interval '1' day
                + cast(round(({{ days }} - floor({{ days }})) * 86400) as integer) * interval '1' second
        when {{ suffix }} like '%pm' and extract(hour from {{ moment }}) < 12
            then {{ moment }} + interval '12' hour
        when {{ suffix }} like '%am' and extract(hour from {{ moment }}) = 12
            then {{ moment }} - interval '12' hour
        else {{ moment }}
    end)
{%- endmacro %}

{% macro to_day(expression, date_order) -%}
    cast({{ to_moment(expression, date_order) }} as date)
{%- endmacro %}


{#- A date with the year last, the year first; other texts as they are. -#}
{% macro year_first(expression, date_order) -%}
    {{ return(adapter.dispatch('year_first', 'barometer')(expression, date_order)) }}
{%- endmacro %}

{% macro default__year_first(expression, date_order) -%}
    case {{ date_order }}
        when 'day_first'
            then regexp_replace({{ expression }}, '^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})', '\3-\2-\1')
        when 'month_first'
            then regexp_replace({{ expression }}, '^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})', '\3-\1-\2')
        else {{ expression }}
    end
{%- endmacro %}

{% macro spark__year_first(expression, date_order) -%}
    case {{ date_order }}
        when 'day_first'
            then regexp_replace({{ expression }}, r'^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})', '$3-$2-$1')
        when 'month_first'
            then regexp_replace({{ expression }}, r'^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})', '$3-$1-$2')
        else {{ expression }}
    end
{%- endmacro %}

{% macro _without_zone(expression) -%}
    regexp_replace({{ expression }}, '(?i) (gmt|utc|cet|cest)([+-][0-9:]+)?$', '')
{%- endmacro %}

{% macro _without_suffixes(expression) -%}
    regexp_replace({{ _without_zone("trim(" ~ expression ~ ")") }}, '(?i) ?[ap][.]?m[.]?$', '')
{%- endmacro %}
