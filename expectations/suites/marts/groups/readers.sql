-- table: groups.readers
-- grain: reader group, classification and group
-- keys: classification_id, group_id
{{ "-- not empty" if readers }}

{# A reader is told of its own groups and no others; they are found by another way down. #}
{% for reader in readers %}
-- expect: {{ reader.group_id }} is told of the groups within it, and of nothing else
with recursive within as (
    select
        classification_id,
        group_id
    from core.dim_organisation_groups
    where classification_id = '{{ reader.classification_id }}' and group_id = '{{ reader.group_id }}'
    union
    select
        other.classification_id,
        other.group_id
    from within, core.dim_organisation_groups as other
    left join core.dim_classifications as divided
        on other.classification_id = divided.classification_id
    left join registry.classifications as dividing
        on
            dividing.classification_id
            = coalesce(divided.divided_classification_id, other.classification_id)
    where
        (
            other.classification_id = within.classification_id
            and other.parent_group_id = within.group_id
        )
        or dividing.within_group_id = within.group_id
        or (
            divided.divided_classification_id = within.classification_id
            and other.divided_group_id = within.group_id
        )
),

told as (
    select
        classification_id,
        group_id
    from groups.readers
    where reader_group_id = '{{ reader.group_id }}'
)

(
    select
        classification_id,
        group_id
    from told
    except
    select
        classification_id,
        group_id
    from within
)
union all
(
    select
        classification_id,
        group_id
    from within
    except
    select
        classification_id,
        group_id
    from told
);

{% endfor %}
-- expect: nobody reads but the groups with a schema of their own
select reader_group_id as group_id
from groups.readers
where reader_group_id not in (
    select listed.group_id
    from registry.organisation_groups as listed
    where listed.own_schema
);
