{#- Statistics as SQL expressions, at a two-sided confidence level of 95 %. Verified against
    scipy and statsmodels in tests/estimation. -#}

{#- 97.5 % quantile of the standard normal distribution; it and those of t below belong to 95 %. -#}
{% macro z_quantile() -%}
    {%- if var('confidence_level') != 0.95 -%}
        {{ exceptions.raise_compiler_error(
            "The quantiles in macros/statistics.sql are those of 95 %, and confidence_level in"
            " dbt_project.yml is " ~ var('confidence_level') ~ ": put those of that level there."
        ) }}
    {%- endif -%}
    1.959963984540054
{%- endmacro %}


{#- 97.5 % quantile of Student's t. Exact constants up to 40 degrees of freedom; above, the
    Cornish-Fisher expansion around the normal quantile (Abramowitz & Stegun 1964, 26.7.5),
    whose error is then below 1e-8. Null below one degree of freedom; a fractional number of
    degrees is rounded down. -#}
{% macro t_quantile(degrees_of_freedom) -%}
    {%- set exact = [
        12.706204736175, 4.302652729749, 3.182446305284, 2.776445105198, 2.570581835636,
        2.446911851145, 2.364624251593, 2.306004135204, 2.262157162798, 2.228138851986,
        2.200985160092, 2.178812829667, 2.160368656463, 2.144786687918, 2.13144954556,
        2.119905299221, 2.109815577833, 2.100922040241, 2.093024054408, 2.085963447266,
        2.079613844728, 2.073873067904, 2.068657610419, 2.063898561628, 2.059538552753,
        2.055529438643, 2.05183051648, 2.048407141795, 2.045229642133, 2.042272456301,
        2.039513446396, 2.03693334346, 2.034515297449, 2.032244509318, 2.03010792825,
        2.02809400098, 2.026192463029, 2.024394163912, 2.022690920037, 2.021075390306,
    ] -%}
    case
        when {{ degrees_of_freedom }} < 1 then null
        {%- for quantile in exact %}
        when {{ degrees_of_freedom }} < {{ loop.index + 1 }} then {{ quantile }}
        {%- endfor %}
        when {{ degrees_of_freedom }} >= {{ exact | length + 1 }}
            then
                {{ z_quantile() }}
                + 2.372271230298562 / floor({{ degrees_of_freedom }})
                + 2.8224986157396112 / power(floor({{ degrees_of_freedom }}), 2)
                + 2.555849679507722 / power(floor({{ degrees_of_freedom }}), 3)
                + 1.5895340533938225 / power(floor({{ degrees_of_freedom }}), 4)
    end
{%- endmacro %}


{#- One limit of the Wilson (1927) score interval of a share observed on `size` cases; `size`
    may be an effective size. `side` is 'lower' or 'upper'. Null without cases. The interval always
    holds the share itself; the outer bounds keep rounding from saying otherwise at 0 and 1. -#}
{% macro wilson_limit(side, share, size) -%}
    {%- set z = z_quantile() -%}
    {%- set sign = {'lower': '-', 'upper': '+'}[side] -%}
    {%- set bound = {'lower': 'least', 'upper': 'greatest'}[side] -%}
    {%- set edge = {'lower': 'greatest(0.0, ', 'upper': 'least(1.0, '}[side] -%}
    case
        when {{ size }} > 0 and {{ share }} is not null
            then
                {{ bound }}({{ share }}, {{ edge }}
                    (
                        {{ share }}
                        + {{ z }} * {{ z }} / (2 * {{ size }})
                        {{ sign }} {{ z }} * sqrt(
                            {{ share }} * (1 - {{ share }}) / {{ size }}
                            + {{ z }} * {{ z }} / (4 * {{ size }} * {{ size }})
                        )
                    )
                    / (1 + {{ z }} * {{ z }} / {{ size }})
                ))
    end
{%- endmacro %}

