{#- The columns together identify a row, and none of them is empty but those that are `nullable`. -#}
{% test grain(model, columns, nullable=[]) %}

select
    {{ columns | join(', ') }},
    count(*) as n_rows
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in columns if column not in nullable %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
