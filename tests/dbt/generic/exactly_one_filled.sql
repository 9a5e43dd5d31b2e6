{#- Exactly one of the columns is filled in every row. -#}
{% test exactly_one_filled(model, columns) %}

select
    {{ columns | join(', ') }}
from {{ model }}
where
    {%- for column in columns %}
    {{ "+ " if not loop.first }}case when {{ column }} is null then 0 else 1 end
    {%- endfor %}
    <> 1

{% endtest %}
