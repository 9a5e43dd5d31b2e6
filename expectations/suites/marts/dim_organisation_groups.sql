-- table: core.dim_organisation_groups
-- grain: classification and group
-- keys: classification_id, group_id
-- not empty
-- refers: classification_id, group_id -> staging.stg_organisation_groups

-- expect: every row of staging.stg_organisation_groups is there
select distinct
    source.classification_id,
    source.group_id
from staging.stg_organisation_groups as source
where
    source.classification_id is not null and source.group_id is not null
    and not exists (
        select 1 from core.dim_organisation_groups as target
        where source.classification_id = target.classification_id and source.group_id = target.group_id
    );
