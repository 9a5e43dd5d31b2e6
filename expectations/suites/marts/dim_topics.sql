-- table: core.dim_topics
-- grain: topic
-- keys: topic
-- not empty
-- refers: topic -> registry.topics

-- expect: every row of registry.topics is there
select distinct source.topic
from registry.topics as source
where
    source.topic is not null
    and not exists (
        select 1 from core.dim_topics as target
        where source.topic = target.topic
    );
