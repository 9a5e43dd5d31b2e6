-- table: core.dim_indicators
-- grain: indicator
-- keys: indicator_id
-- not empty
-- refers: indicator_id -> registry.indicators

-- expect: every row of registry.indicators is there
select distinct source.indicator_id
from registry.indicators as source
where
    source.indicator_id is not null
    and not exists (
        select 1 from core.dim_indicators as target
        where source.indicator_id = target.indicator_id
    );
