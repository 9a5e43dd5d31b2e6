{#- The first column is not above the second where both are filled (`strictly`: it is below). -#}
{% test in_order(model, columns, strictly=false) %}

select
    {{ columns[0] }},
    {{ columns[1] }}
from {{ model }}
where {{ columns[0] }} {{ ">=" if strictly else ">" }} {{ columns[1] }}

{% endtest %}
