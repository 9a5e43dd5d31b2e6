{#- Text shims. Each has a default (DuckDB) and a Spark version with the same result. -#}

{#- A label as it is compared: letters with their accents as one character, curly quotes and
    long hyphens as the plain ones, invisible signs left out, white space (no-break spaces and
    byte-order marks too) collapsed, trimmed, lower case.
    Same rule as barometer.labels.normalise_label. -#}
{% macro normalise_label(expression) -%}
    {{ return(adapter.dispatch('normalise_label', 'barometer')(expression)) }}
{%- endmacro %}

{#- Most answers are a code: a plain word, which nothing but its case can change. -#}
{% macro default__normalise_label(expression) -%}
    case
        when regexp_full_match({{ expression }}, '[!-_a-~]*') then lower({{ expression }})
        else lower(trim(regexp_replace({{ _plain_signs("nfc_normalize(" ~ expression ~ ")") }}, '[\s\x{00A0}\x{FEFF}]+', ' ', 'g')))
    end
{%- endmacro %}

{#- Spark cannot compose accents; the letters of the languages of these surveys are done here. -#}
{% macro spark__normalise_label(expression) -%}
    {%- set marks = {
        "\u0300": {"a": "à", "e": "è", "i": "ì", "o": "ò", "u": "ù"},
        "\u0301": {"a": "á", "e": "é", "i": "í", "o": "ó", "u": "ú"},
        "\u0302": {"a": "â", "e": "ê", "i": "î", "o": "ô", "u": "û"},
        "\u0308": {"a": "ä", "e": "ë", "i": "ï", "o": "ö", "u": "ü"},
        "\u0303": {"a": "ã", "n": "ñ", "o": "õ"},
        "\u0327": {"c": "ç"},
        "\u030a": {"a": "å"}
    } -%}
    {%- set ns = namespace(sql="lower(" ~ expression ~ ")") -%}
    {%- for mark, letters in marks.items() -%}
        {%- for plain, composed in letters.items() -%}
            {%- set ns.sql = "replace(" ~ ns.sql ~ ", '" ~ plain ~ mark ~ "', '" ~ composed ~ "')" -%}
        {%- endfor -%}
    {%- endfor -%}
    trim(regexp_replace({{ _plain_signs(ns.sql) }}, r'[\s\x{00A0}\x{FEFF}]+', ' '))
{%- endmacro %}

{% macro _plain_signs(expression) -%}
    {%- set apostrophes = "\u2019\u2018\u201a\u201b\u02bc\u00b4`" -%}
    {%- set quotes = "\u201c\u201d\u201e\u201f" -%}
    {%- set hyphens = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212" -%}
    {%- set spaces = "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000" -%}
    {%- set invisible = "\u200b\u200c\u200d\u2060\u00ad" -%}
    translate(
        {{ expression }},
        '{{ apostrophes ~ quotes ~ hyphens ~ spaces ~ invisible }}',
        concat(repeat(chr(39), {{ apostrophes | length }}), '{{ '"' * (quotes | length) ~ '-' * (hyphens | length) ~ ' ' * (spaces | length) }}')
    )
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


{#- Text to number; null where the text is none, or could be two: `1,234` and `1.234` are a thousand
    in one country and one and a bit in another. A comma before the decimals is read where that is clear
    (`12,5`, `0,125`, `1.234,5`), and so are commas between thousands before a point (`1,234.5`).
    Same rule as barometer.numerals.plain_number. -#}
{% macro to_number(expression, decimal_sign=none) -%}
    {%- set text = "trim(" ~ expression ~ ")" -%}
    {%- if decimal_sign is none -%}
        try_cast({{ _plain_number(text) }} as double)
    {%- else -%}
        try_cast(
            case
                when {{ decimal_sign }} is null then {{ _plain_number(text) }}
                else {{ _number_with_sign(text, decimal_sign) }}
            end as double
        )
    {%- endif -%}
{%- endmacro %}

{#- Where a delivery states its decimal sign, the other one can only stand between thousands. -#}
{% macro _number_with_sign(text, decimal_sign) -%}
    case
        when {{ decimal_sign }} = ',' and {{ fits(text, '^[-+]?([0-9]+|[0-9]{1,3}([.][0-9]{3})+)(,[0-9]+)?$') }}
            then replace(replace({{ text }}, '.', ''), ',', '.')
        when {{ decimal_sign }} = '.' and {{ fits(text, '^[-+]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]+)?$') }}
            then replace({{ text }}, ',', '')
        when not {{ fits(text, '[.,]') }} then {{ text }}
    end
{%- endmacro %}

{#- As `to_number`, of what is never a thousand: with a point it is read as it stands. -#}
{% macro to_weight(expression) -%}
    coalesce(try_cast(trim({{ expression }}) as double), {{ to_number(expression) }})
{%- endmacro %}

{% macro _plain_number(text) -%}
    case
        when {{ fits(text, '^[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}$') }}
            then null
        when {{ fits(text, '^[-+]?([0-9]+|[0-9]{1,3}([.][0-9]{3})+),[0-9]+$') }}
            then replace(replace({{ text }}, '.', ''), ',', '.')
        when {{ fits(text, '^[-+]?[0-9]{1,3}(,[0-9]{3})+[.][0-9]+$') }}
            then replace({{ text }}, ',', '')
        else {{ text }}
    end
{%- endmacro %}


{#- Whether a text fits a regular expression. -#}
{% macro fits(expression, pattern) -%}
    {{ return(adapter.dispatch('fits', 'barometer')(expression, pattern)) }}
{%- endmacro %}

{% macro default__fits(expression, pattern) -%}
    regexp_matches({{ expression }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__fits(expression, pattern) -%}
    regexp_like({{ expression }}, r'{{ pattern }}')
{%- endmacro %}


{#- Text to date; null where the text is none. -#}
{% macro to_date(expression) -%}
    try_cast(try_cast(trim({{ expression }}) as timestamp) as date)
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
