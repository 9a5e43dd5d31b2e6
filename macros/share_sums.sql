{#- Weighted shares of cells, with their variance, from the CTE `sums`: one row per cell, which `keys`
    name, and stratum, with the base (n_answered, sum_weights, squared_weights, smallest_weight,
    largest_weight), those counted (n_with, weighted_value, squared_weights_with), and of the stratum
    sampled_fraction and response_count. Ends with the CTE `final`, one row per cell. -#}
{% macro shares_of_sums(keys) -%}
totals as (

    select
        sums.*,
        sum(sums.weighted_value) over one_cell as weighted_value_of_all,
        sum(sums.sum_weights) over one_cell as sum_weights_of_all
    from sums
    window
        one_cell as (
            partition by
                {%- for key in keys %}
                sums.{{ key }}{% if not loop.last %},{% endif %}
                {%- endfor %}
        )

),

shares as (

    select
        totals.*,
        totals.weighted_value_of_all / totals.sum_weights_of_all as weighted_share
    from totals

),

-- Of a share p: the sum of weight × (value − p) over the stratum, and of its square.
residuals as (

    select
        shares.*,
        shares.weighted_value - shares.weighted_share * shares.sum_weights as residual,
        shares.squared_weights_with * (1 - 2 * shares.weighted_share)
        + shares.squared_weights * power(shares.weighted_share, 2) as residual_squares
    from shares

),

centred as (

    select
        residuals.*,
        1 - residuals.sampled_fraction as unsampled_fraction,
        residuals.residual_squares - power(residuals.residual, 2) / residuals.response_count
            as centred_squares
    from residuals

),

-- As in the variances of indicators: responses of the stratum outside the base count with residual
-- zero, a stratum with one response is centred at zero, and what equal values leave is rounding.
variances as (

    select
        centred.*,
        centred.unsampled_fraction * case
            when centred.response_count = 1 then centred.residual_squares
            when centred.centred_squares <= 1e-12 * centred.squared_weights then 0.0
            else centred.centred_squares * centred.response_count / (centred.response_count - 1.0)
        end as variance
    from centred

),

final as (

    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        cast(sum(n_answered) as bigint) as n_answered,
        cast(sum(n_with) as bigint) as n_with,
        sum(weighted_value) / sum(sum_weights) as weighted_share,
        sum(variance) / power(sum(sum_weights), 2) as variance,
        sum(sum_weights) as sum_weights,
        sum(sum_weights) * sum(sum_weights) / sum(squared_weights) as n_effective,
        max(largest_weight) <= min(smallest_weight) * (1 + 1e-9) as is_equally_weighted
    from variances
    group by
        {{ keys | join(',\n        ') }}

)
{%- endmacro %}
