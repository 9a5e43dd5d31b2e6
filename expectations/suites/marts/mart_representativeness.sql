{% from "_shared.sql" import blank_where_suppressed, rounding %}
{% set keys = ["wave", "classification_id", "group_id"] %}
{% set figures = [
    "n_population", "n_responses", "response_rate", "r_indicator", "standard_error", "r_lower",
    "r_upper", "coefficient_of_variation", "unconditional_partial", "conditional_partial"
] %}
-- table: core.mart_representativeness
-- grain: wave, level, variable and category
-- keys: wave, classification_id, group_id
-- refers: wave -> core.dim_waves
-- refers: classification_id -> core.dim_classifications

{{ blank_where_suppressed("core.mart_representativeness", keys, figures) }}

-- expect: an R-indicator lies between 0 and 1, and within its limits
select {{ keys | join(", ") }}
from core.mart_representativeness
where
    not (r_indicator between 0 and 1) or not (r_lower between 0 and r_indicator)
    or not (r_upper between r_indicator and 1) or (level = 'wave') <> (r_indicator is not null);

-- expect: no variable says more of who responded than all of them together
select
    here.wave,
    here.classification_id,
    here.group_id
from core.mart_representativeness as here
inner join core.mart_representativeness as whole
    on
        here.wave = whole.wave
        and here.level = 'variable'
        and whole.level = 'wave'
where
    not (here.unconditional_partial between 0 and (1 - whole.r_indicator) / 2 + {{ rounding }})
    or not (here.conditional_partial between 0 and (1 - whole.r_indicator) / 2 + {{ rounding }});

-- expect: a category has as many organisations and responses as among the response rates
select
    here.wave,
    here.classification_id,
    here.group_id
from core.mart_representativeness as here
inner join core.fct_response_rates as rates
    on
        here.wave = rates.wave
        and here.classification_id = rates.classification_id
        and here.group_id = rates.group_id
where
    here.n_population is distinct from rates.n_population
    or here.n_responses is distinct from rates.n_responses;
