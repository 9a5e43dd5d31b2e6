{#- A figure as a person writes it. Pure Jinja, because the public edition, which is not made by dbt,
    says its own figures with it: every name stands for a column of the row, or for SQL. -#}

{#- A number as text: a share in whole percent and a score with one decimal, where `whole` says which
    way, an amount as short as can be. A hyphen would make a spreadsheet take the text for a formula. -#}
{% macro number_words(language, value, kind, scale_minimum, whole='round') -%}
    {%- set large = {'nl': ['miljard', 'miljoen'], 'en': ['billion', 'million']}[language] -%}
    {#- A sum of floats hangs on the order of its rows; that must not tip what is half way. -#}
    {%- set value = 'round(' ~ value ~ ', 9)' -%}
    {%- set text -%}
    case
        when {{ kind }} = 'share' then cast(cast({{ whole }}(round(100 * {{ value }}, 6)) as bigint) as string)
        when abs({{ value }}) >= 1000000000
            then concat(cast(cast({{ value }} / 1000000000 as decimal(18, 1)) as string), ' {{ large[0] }}')
        when abs({{ value }}) >= 1000000
            then concat(cast(cast({{ value }} / 1000000 as decimal(18, 1)) as string), ' {{ large[1] }}')
        when abs({{ value }}) >= 100 then cast(cast(round({{ value }}) as bigint) as string)
        when {{ scale_minimum }} is not null or abs({{ value }}) >= 10
            then cast(cast({{ whole }}(round(10 * {{ value }}, 6)) / 10.0 as decimal(18, 1)) as string)
        when {{ value }} = 0 then '0'
        when abs({{ value }}) >= 0.1 then cast(cast({{ value }} as decimal(18, 2)) as string)
        else cast(cast({{ value }} as decimal(18, 4)) as string)
    end
    {%- endset -%}
    {%- set text = 'replace(' ~ text ~ ", '-', '−')" -%}
    {%- if language == 'nl' %}replace({{ text }}, '.', ','){% else %}{{ text }}{% endif %}
{%- endmacro %}

{#- Why a figure is not there, in words; null where it is. -#}
{% macro suppression_words(language) -%}
    {%- set words = {
        'nl': ['niet getoond: te weinig antwoorden, of die waren te herleiden', 'omvang van de groep onbekend', 'niet openbaar'],
        'en': ['not shown: too few answers, or they could be worked out', 'size of the group unknown', 'not public'],
    }[language] -%}
    case suppression_reason
        when 'base_below_minimum' then '{{ words[0] }}'
        when 'no_frame' then '{{ words[1] }}'
        when 'not_public' then '{{ words[2] }}'
    end
{%- endmacro %}

{#- Estimate, interval and base of a row in a few words: 93 % (85–97), n = 60.

    Of a figure of which only a range is public: at least 85 %, n >= 31. Why it is not there, else. -#}
{% macro display_words(
    language, kind='kind', scale_minimum='scale_minimum', scale_maximum='scale_maximum',
    range_lower='cast(null as double)', range_upper='cast(null as double)',
    smallest_base='cast(null as bigint)'
) -%}
    {%- set words = {
        'nl': ['hoogstens ', 'minstens ', ' tot ', 'geen schatting'],
        'en': ['at most ', 'at least ', ' to ', 'no estimate'],
    }[language] -%}
    {%- set percent %}case when {{ kind }} = 'share' then ' %' else '' end{% endset -%}
    case
        when suppression_status = 'suppressed' then {{ suppression_words(language) }}
        when estimate is null and {{ range_lower }} is null then '{{ words[3] }}'
        else concat(
            case
                when estimate is not null then concat({{ number_words(language, 'estimate', kind, scale_minimum) }}, {{ percent }})
                when {{ range_lower }} <= {{ scale_minimum }}
                    then concat('{{ words[0] }}', {{ number_words(language, range_upper, kind, scale_minimum, 'ceil') }}, {{ percent }})
                when {{ range_upper }} >= {{ scale_maximum }}
                    then concat('{{ words[1] }}', {{ number_words(language, range_lower, kind, scale_minimum, 'floor') }}, {{ percent }})
                else
                    concat({{ number_words(language, range_lower, kind, scale_minimum, 'floor') }}, '{{ words[2] }}', {{ number_words(language, range_upper, kind, scale_minimum, 'ceil') }}, {{ percent }})
            end,
            case
                when estimate_lower is null or estimate_upper is null then ''
                else
                    concat(
                        ' (', {{ number_words(language, 'estimate_lower', kind, scale_minimum) }},
                        case when estimate_lower < 0 then '{{ words[2] }}' else '–' end,
                        {{ number_words(language, 'estimate_upper', kind, scale_minimum) }}, ')'
                    )
            end,
            case
                when n_answered is not null then concat(', n = ', cast(n_answered as string))
                when {{ smallest_base }} is not null
                    then concat(', n ≥ ', cast({{ smallest_base }} as string))
                else ''
            end
        )
    end
{%- endmacro %}

{#- The same in a table of shares alone, whose rows need not say so. -#}
{% macro share_words(
    language, range_lower='cast(null as double)', range_upper='cast(null as double)',
    smallest_base='cast(null as bigint)'
) -%}
    {{ display_words(language, "'share'", '0.0', '1.0', range_lower, range_upper, smallest_base) }}
{%- endmacro %}
