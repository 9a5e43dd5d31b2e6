{#- Tables, views, seeds and tests as dbt-duckdb makes them, but for what is unchanged. A table is
    replaced in the transaction that records it: killed at any moment, the one before is there. -#}

{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set now = compared_with_last_run(existing) -%}

    {%- if existing and now.unchanged -%}
        {{ return(_left_as_it_is(target_relation)) }}
    {%- endif -%}

    {%- if model.language == 'python' -%}
        {#- Written beside it: a Python model may write on a connection of its own. -#}
        {%- set draft = make_intermediate_relation(target_relation) -%}
        {%- do drop_relation_if_exists(load_cached_relation(draft)) -%}
        {% call statement('main', language='python') -%}
            {{ create_table_as(False, draft, compiled_code, 'python') }}
        {%- endcall %}
        {% call statement('replace') -%}
            {{ _drop(existing) }}
            alter table {{ draft }} rename to {{ target_relation.identifier }};
            {{ comments_of(target_relation, model) }}
        {%- endcall %}
    {%- else -%}
        {% call statement('main') -%}
            {{ _drop(existing) }}
            {{ create_table_as(False, target_relation, compiled_code) }}
            {{ comments_of(target_relation, model) }}
        {%- endcall %}
    {%- endif -%}
    {% call statement('record') -%}
        {{ record_table(target_relation, now.made_from) }}
    {%- endcall %}
    {{ adapter.commit() }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{% materialization view, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- set now = compared_with_last_run(existing) -%}

    {%- if existing and now.unchanged -%}
        {{ return(_left_as_it_is(target_relation)) }}
    {%- endif -%}

    {% call statement('main') -%}
        {{ _drop(existing) }}
        {{ get_create_view_as_sql(target_relation, compiled_code) }}
        {{ comments_of(target_relation, model) }}
        {{ record_view(now.made_from) }}
    {%- endcall %}
    {{ adapter.commit() }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{% materialization seed, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {#- Of a large file dbt keeps the path only, which says nothing of what is in it. -#}
    {%- set now = compared_with_last_run(existing) -%}

    {%- if existing and now.unchanged and model.checksum.name == 'sha256' -%}
        {%- do store_result('agate_table', response='UNCHANGED', agate_table=none) -%}
        {{ return(_left_as_it_is(target_relation)) }}
    {%- endif -%}

    {%- set agate_table = load_agate_table() -%}
    {%- do store_result('agate_table', response='OK', agate_table=agate_table) -%}
    {%- if existing is not none -%}
        {% call statement('drop') -%}{{ _drop(existing) }}{%- endcall %}
    {%- endif -%}
    {%- set sql = create_csv_table(model, agate_table) -%}
    {%- set rows = load_csv_rows(model, agate_table) if agate_table.rows | length > 0 else '' -%}
    {% call noop_statement('main', 'INSERT ' ~ agate_table.rows | length, 'INSERT', agate_table.rows | length) -%}
        {{ get_csv_sql(sql, rows) }}
    {%- endcall %}
    {% call statement('record') -%}
        {{ comments_of(target_relation, model) }}
        {{ record_table(target_relation, now.made_from) }}
    {%- endcall %}
    {{ adapter.commit() }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#- A test that passed on the same is not run again. -#}
{% materialization test, adapter='duckdb' %}
    {%- set now = compared_with_last_run(none) -%}
    {% call statement('main', fetch_result=True) -%}
        {%- if now.unchanged -%}
            select 0 as failures, false as should_warn, false as should_error
        {%- else -%}
            {{ get_test_sql(
                get_limit_subquery_sql(sql, config.get('limit')),
                config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none
            ) }}
        {%- endif -%}
    {%- endcall %}
    {%- if now.made_from and not now.unchanged and load_result('main').table.rows[0][0] == 0 -%}
        {% call statement('record') -%}
            {{ record_passed(now.made_from) }}
        {%- endcall %}
        {{ adapter.commit() }}
    {%- endif -%}

    {{ return({'relations': []}) }}
{% endmaterialization %}


{% macro _left_as_it_is(relation) -%}
    {%- do store_raw_result('main', message='UNCHANGED', code='UNCHANGED', rows_affected=0) -%}
    {{ return({'relations': [relation]}) }}
{%- endmacro %}

{% macro _drop(existing) -%}
    {%- if existing is not none -%}
        drop {{ existing.type }} if exists {{ existing }};
    {%- endif -%}
{%- endmacro %}
