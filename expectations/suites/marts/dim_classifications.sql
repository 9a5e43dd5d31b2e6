-- table: core.dim_classifications
-- grain: classification
-- keys: classification_id
-- not empty
-- refers: classification_id -> staging.stg_classifications

-- expect: every row of staging.stg_classifications is there
select distinct source.classification_id
from staging.stg_classifications as source
where
    source.classification_id is not null
    and not exists (
        select 1 from core.dim_classifications as target
        where source.classification_id = target.classification_id
    );
