{% from "_shared.sql" import each, estimate_keys, finding_figures, suppression %}
{% set said = finding_figures + ["position_verdict", "change_verdict"] + suppression %}

{# The rows of every topic in one table, from which the release cuts one table per topic. #}
{% if topic_marts %}
-- table: topics.findings
-- grain: topic, wave, classification, group and indicator
-- keys: mart_id, wave, classification_id, group_id, indicator_id
-- not empty

-- expect: every row says the same as core.mart_findings, about an indicator of the topic
select
    here.mart_id,
    {{ each(estimate_keys, "here.%", ", ") }}
from topics.findings as here
left join registry.topic_mart_indicators as listed
    on here.mart_id = listed.mart_id and here.indicator_id = listed.indicator_id
left join core.mart_findings as finding
    on {{ each(estimate_keys, "here.% = finding.%", " and ") }}
where
    listed.mart_id is null or finding.wave is null
    or {{ each(said, "here.% is distinct from finding.%", " or ") }};

-- expect: every finding about an indicator of the topic is there
select
    listed.mart_id,
    {{ each(estimate_keys, "finding.%", ", ") }}
from core.mart_findings as finding
inner join registry.topic_mart_indicators as listed
    on finding.indicator_id = listed.indicator_id
left join topics.findings as here
    on
        {{ each(estimate_keys, "here.% = finding.%", " and ") }}
        and here.mart_id = listed.mart_id
where here.wave is null;
{% endif %}

{# A topic that has columns of its own, in a table of its own. #}
{% for mart in topic_marts if mart.has_own_columns %}
-- table: {{ mart.schema_name }}.{{ mart.mart_id }}
-- grain: wave, classification, group and indicator
-- keys: wave, classification_id, group_id, indicator_id
-- not empty

-- expect: every row says the same as topics.findings
select {{ each(estimate_keys, "here.%", ", ") }}
from {{ mart.schema_name }}.{{ mart.mart_id }} as here
left join topics.findings as finding
    on
        {{ each(estimate_keys, "here.% = finding.%", " and ") }}
        and finding.mart_id = '{{ mart.mart_id }}'
where
    finding.wave is null
    or {{ each(said, "here.% is distinct from finding.%", " or ") }};

-- expect: every row of topics.findings about it is there
select {{ each(estimate_keys, "finding.%", ", ") }}
from topics.findings as finding
left join {{ mart.schema_name }}.{{ mart.mart_id }} as here
    on {{ each(estimate_keys, "here.% = finding.%", " and ") }}
where finding.mart_id = '{{ mart.mart_id }}' and here.wave is null;

{% endfor %}
