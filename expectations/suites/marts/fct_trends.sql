{% from "_shared.sql" import tested_differences, trend_figures, trend_keys, two_sided_differences %}
-- table: core.fct_trends
-- grain: classification_id, group_id, indicator_id, wave_from, wave
-- keys: group_id, indicator_id, wave

{{ tested_differences("core.fct_trends", trend_keys, trend_figures) }}
{{ two_sided_differences(
    "core.fct_trends", trend_keys, ["n_answered_from", "n_answered"],
    minimum_base, significance_level, "increased", "decreased"
) }}

-- expect: nothing is tested across a break, and every change is since an earlier wave
select {{ trend_keys | join(", ") }}
from core.fct_trends
where
    wave_from >= wave or (comparability = 'broken') <> (verdict = 'not_comparable')
    or (comparability = 'broken' and p_value is not null);
