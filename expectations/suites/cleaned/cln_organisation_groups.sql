-- table: cleaned.cln_organisation_groups
-- grain: wave, organisation and group it belongs to, ancestors included
-- keys: wave, organisation_key, classification_id, group_id
-- not empty
-- refers: wave, organisation_key -> cleaned.cln_organisations
-- refers: classification_id, group_id -> staging.stg_organisation_groups

-- expect: an organisation is placed in exactly one group of a classification
select
    wave,
    organisation_key,
    classification_id
from cleaned.cln_organisation_groups
group by wave, organisation_key, classification_id
having sum(case when is_leaf then 1 else 0 end) <> 1;

-- expect: who is in a group is in its parent too
select
    members.wave,
    members.organisation_key,
    members.classification_id,
    members.group_id,
    listed.parent_group_id
from cleaned.cln_organisation_groups as members
inner join staging.stg_organisation_groups as listed
    on
        members.classification_id = listed.classification_id
        and members.group_id = listed.group_id
left join cleaned.cln_organisation_groups as parents
    on
        members.wave = parents.wave
        and members.organisation_key = parents.organisation_key
        and members.classification_id = parents.classification_id
        and listed.parent_group_id = parents.group_id
where listed.parent_group_id is not null and parents.group_id is null;

-- expect: every organisation has a group in every exhaustive classification
select
    organisations.wave,
    organisations.organisation_key,
    classifications.classification_id
from cleaned.cln_organisations as organisations
cross join staging.stg_classifications as classifications
left join cleaned.cln_organisation_groups as members
    on
        organisations.wave = members.wave
        and organisations.organisation_key = members.organisation_key
        and classifications.classification_id = members.classification_id
where classifications.is_exhaustive and members.group_id is null;

-- expect: a classification that divides a group holds organisations of that group only
select
    members.wave,
    members.organisation_key,
    members.classification_id,
    members.group_id
from cleaned.cln_organisation_groups as members
inner join staging.stg_classifications as classifications
    on members.classification_id = classifications.classification_id
left join cleaned.cln_organisation_groups as around
    on
        members.wave = around.wave
        and members.organisation_key = around.organisation_key
        and classifications.within_group_id = around.group_id
where classifications.within_group_id is not null and around.group_id is null;
