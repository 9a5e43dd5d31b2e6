{#-
    Rows whose columns are all filled name an existing row of another registry.
    `except_values` lists reserved values per column that need no such row.
-#}
{% test registry_reference(model, columns, to, to_columns, except_values={}) %}

select
    {%- for column in columns %}
    child.{{ column }}{{ "," if not loop.last }}
    {%- endfor %}
from {{ model }} as child
where
    not exists (
        select 1
        from {{ to }} as parent
        where
            {%- for column in columns %}
            {{ "and " if not loop.first }}parent.{{ to_columns[loop.index0] }} = child.{{ column }}
            {%- endfor %}
    )
    {%- for column in columns %}
    and child.{{ column }} is not null
    {%- endfor %}
    {%- for column, reserved in except_values.items() %}
    and child.{{ column }} not in ('{{ reserved | join("', '") }}')
    {%- endfor %}

{% endtest %}
