{% from "_shared.sql" import rounding %}
-- table: core.mart_weighting
-- grain: wave
-- keys: wave
-- not empty
-- refers: wave -> core.dim_waves
-- at least: weighting_effect {{ 1 - rounding | float }}

-- expect: a stratum is weighted by itself, or joined another one, or nobody stands for it
select wave from core.mart_weighting
where
    n_weighting_strata + n_collapsed_strata <> n_strata
    or n_uncovered_strata > n_strata or n_uncovered > n_population
    or (n_uncovered_strata = 0 and n_uncovered > 0);

-- expect: a wave has calibrated weights exactly when it has margins
select wave from core.mart_weighting
where
    (calibration_method = 'none') <> (n_margin_groups = 0)
    or (n_margin_groups = 0 and (
        abs(smallest_adjustment - 1) > {{ rounding }}
        or abs(largest_adjustment - 1) > {{ rounding }}
    ));

-- expect: weights are positive, and spread no wider than their effective number says
select wave from core.mart_weighting
where
    smallest_weight <= 0 or smallest_weight > largest_weight
    or smallest_adjustment <= 0 or smallest_adjustment > largest_adjustment
    or n_effective > n_responses * (1 + {{ rounding }})
    or abs(weighting_effect * n_effective - n_responses) > {{ rounding }} * n_responses;
