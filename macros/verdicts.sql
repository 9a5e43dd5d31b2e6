{#- What a difference of this year's lists is, whatever produced it: exact where every organisation
    answered, else as far as its interval with finite population correction says. -#}
{% macro verdict_of_list(higher, lower) -%}
    case
        when interval_method = 'census' and difference = 0 then 'equal'
        when difference_lower > 0 then '{{ higher }}'
        when difference_upper < 0 then '{{ lower }}'
        when difference is not null then 'uncertain'
    end
{%- endmacro %}

{#- The words of a verdict in a language, the same wherever a difference is printed. -#}
{% macro verdict_words(language, relation, column='verdict') -%}
    {%- set words = {
        'nl': {
            'more': 'vaker', 'less': 'minder vaak', 'higher': 'hoger', 'lower': 'lager',
            'none': 'geen aantoonbaar verschil', 'equal': 'gelijk', 'uncertain': 'niet zeker',
            'of_list': 'verschil op deze lijst, niet aangetoond in het algemeen',
            'broken': 'niet te vergelijken', 'same': 'niet getoetst: alle antwoorden gelijk',
            'few': 'niet getoetst: te weinig antwoorden',
        },
        'en': {
            'more': 'more often', 'less': 'less often', 'higher': 'higher', 'lower': 'lower',
            'none': 'no demonstrable difference', 'equal': 'equal', 'uncertain': 'not certain',
            'of_list': 'different on this list, not shown in general',
            'broken': 'not comparable', 'same': 'not tested: all answers the same',
            'few': 'not tested: too few answers',
        },
    }[language] -%}
    {%- set verdict = relation ~ '.' ~ column -%}
    case
        when {{ verdict }} in ('a_higher', 'increased') and {{ relation }}.kind = 'share' then '{{ words.more }}'
        when {{ verdict }} in ('a_lower', 'decreased') and {{ relation }}.kind = 'share' then '{{ words.less }}'
        when {{ verdict }} in ('a_higher', 'increased') then '{{ words.higher }}'
        when {{ verdict }} in ('a_lower', 'decreased') then '{{ words.lower }}'
        {%- if column == 'verdict' %}
        when
            {{ verdict }} in ('no_difference', 'no_change')
            and {{ relation }}.interval_method = 'census'
            and {{ relation }}.list_verdict <> 'equal'
            then '{{ words.of_list }}'
        when {{ verdict }} in ('no_difference', 'no_change') then '{{ words.none }}'
        when {{ verdict }} = 'not_comparable' then '{{ words.broken }}'
        when {{ relation }}.untested_reason = 'no_variation' then '{{ words.same }}'
        else '{{ words.few }}'
        {%- else %}
        when {{ verdict }} = 'equal' then '{{ words.equal }}'
        when {{ verdict }} = 'uncertain' then '{{ words.uncertain }}'
        {%- endif %}
    end
{%- endmacro %}

{#- What a test says of a claim; the direction is above 0 where the answers point where it says. -#}
{% macro claim_verdict(p_adjusted, direction) -%}
    case
        when {{ p_adjusted }} is null then 'not_tested'
        when {{ p_adjusted }} > {{ var('significance_level') }} then 'not_shown'
        when {{ direction }} > 0 then 'supported'
        else 'contradicted'
    end
{%- endmacro %}

{#- The words of a verdict on a claim. What the answers are in line with is not proved by them. -#}
{% macro claim_words(language, verdict) -%}
    {%- set words = {
        'nl': ['in lijn met de antwoorden', 'in strijd met de antwoorden', 'niet aangetoond', 'niet getoetst'],
        'en': ['in line with the answers', 'at odds with the answers', 'not shown', 'not tested'],
    }[language] -%}
    case {{ verdict }}
        when 'supported' then '{{ words[0] }}'
        when 'contradicted' then '{{ words[1] }}'
        when 'not_shown' then '{{ words[2] }}'
        else '{{ words[3] }}'
    end
{%- endmacro %}
