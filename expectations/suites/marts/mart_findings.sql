{% from "_shared.sql" import estimate_keys, figures_of_groups, finding_figures %}
-- table: core.mart_findings
-- grain: wave, classification, group and indicator
-- keys: wave, classification_id, group_id, indicator_id

{{ figures_of_groups("core.mart_findings", estimate_keys, finding_figures) }}

-- expect: every finding says the same as core.fct_estimates
select
    here.wave,
    here.classification_id,
    here.group_id,
    here.indicator_id
from core.mart_findings as here
left join core.fct_estimates as fact
    on
        here.wave = fact.wave
        and here.classification_id = fact.classification_id
        and here.group_id = fact.group_id
        and here.indicator_id = fact.indicator_id
where
    fact.wave is null
    or here.n_answered is distinct from fact.n_answered
    or here.estimate is distinct from fact.estimate
    or here.estimate_lower is distinct from fact.estimate_lower
    or here.suppression_reason is distinct from fact.suppression_reason;

-- expect: every row of core.fct_estimates is there
select
    fact.wave,
    fact.classification_id,
    fact.group_id,
    fact.indicator_id
from core.fct_estimates as fact
left join core.mart_findings as here
    on
        here.wave = fact.wave
        and here.classification_id = fact.classification_id
        and here.group_id = fact.group_id
        and here.indicator_id = fact.indicator_id
where here.wave is null;

-- expect: a position is the headline comparison of the group
select
    here.wave,
    here.classification_id,
    here.group_id,
    here.indicator_id
from core.mart_findings as here
where here.position_verdict is not null and not exists (
    select 1 from core.mart_comparisons as compared
    inner join registry.comparisons as listed on compared.comparison_id = listed.comparison_id
    where
        listed.is_headline
        and compared.wave = here.wave
        and compared.classification_id = here.classification_id
        and compared.group_a = here.group_id
        and compared.group_b is not distinct from here.comparator_group_id
        and compared.rest_of_group_id is not distinct from here.rest_of_group_id
        and compared.indicator_id = here.indicator_id
        and compared.verdict = here.position_verdict
        and compared.difference is not distinct from here.difference_from_comparator
);

-- expect: a change is a trend since an earlier wave
select
    here.wave,
    here.classification_id,
    here.group_id,
    here.indicator_id
from core.mart_findings as here
where here.change_verdict is not null and not exists (
    select 1 from core.mart_trends as changed
    where
        changed.wave = here.wave
        and changed.classification_id = here.classification_id
        and changed.group_id = here.group_id
        and changed.indicator_id = here.indicator_id
        and changed.wave_from = here.previous_wave
        and changed.verdict = here.change_verdict
        and changed.difference is not distinct from here.change
);
