-- table: core.dim_topics
-- grain: topic
-- keys: topic
-- not empty
-- refers: topic -> registry.topics

-- expect: every topic of an indicator is there
select distinct indicators.topic
from registry.indicators as indicators
left join core.dim_topics as topics on indicators.topic = topics.topic
where topics.topic is null;
