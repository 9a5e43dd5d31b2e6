{#- What every node was built from, so that a run builds what changed and nothing else.

    `build_state.nodes` has one row per seed, model, test and source: `made_from` says what it was
    made from (its code, its configuration and the contents of what it reads), `content` what came
    out. A node that would be made from the same, and whose table still holds what came out, is
    left as it is. Where a table is built anew and the same comes out, what reads it is left too.

    DuckDB only; elsewhere dbt's own materializations are used and everything is built. -#}

{#- Without a fingerprint of the code that no compiled SQL shows (macros, Python, versions)
    nothing is left out: whoever starts dbt by hand builds in full. -#}
{% macro code_fingerprint() -%}
    {{ return(env_var('BAROMETER_CODE', '')) }}
{%- endmacro %}

{#- Run before everything else: the contents of the sources as they are now. -#}
{% macro read_sources() -%}
    {%- if execute and target.type == 'duckdb' and flags.WHICH in ('build', 'run', 'seed', 'test') -%}
        create schema if not exists build_state;
        create table if not exists build_state.nodes (
            unique_id varchar not null, made_from varchar, content varchar
        );
        delete from build_state.nodes where unique_id like 'source.%';
        {%- set present = run_query(
            "select concat(table_schema, '.', table_name) from information_schema.tables "
            "where table_catalog = current_database()"
        ).columns[0].values() %}
        {%- for source in graph.sources.values()
            if source.schema ~ '.' ~ source.identifier in present %}
        insert into build_state.nodes
        select '{{ source.unique_id }}', '', {{ content_of(source.schema ~ '.' ~ source.identifier) }};
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}

{#- What the node at hand would be made from now (empty where that cannot be known), and whether
    it was made from the same and its table is as it came out. One query: it is asked of every
    node. -#}
{% macro compared_with_last_run(relation) -%}
    {%- set read = model.depends_on.nodes | unique | sort | list -%}
    {%- if not code_fingerprint() -%}
        {{ return({'made_from': '', 'unchanged': false}) }}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- for column in model.get('columns', {}).values() -%}
        {%- do columns.append([
            column.name, column.get('data_type'), column.get('description'),
            column.get('constraints') | string,
        ]) -%}
    {%- endfor -%}
    {%- set recipe = local_md5(tojson([
        code_fingerprint(), compiled_code | default(''), model.get('checksum'),
        model.get('description'), columns, model.get('constraints') | string,
        model.config.get('materialized'), model.config.get('severity'),
    ])) -%}
    {%- set row = run_query(
        "select concat('of ', made_from), coalesce((select "
        ~ ("content = " ~ content_of(relation) if relation and relation.type == 'table' else "true")
        ~ " from build_state.nodes as before where before.unique_id = '" ~ model.unique_id ~ "'"
        ~ " and before.made_from = now.made_from), false) from (select case when count(content) = "
        ~ read | length ~ " then md5(concat('" ~ recipe ~ "', string_agg(concat(unique_id, ' ', "
        ~ "content), ',' order by unique_id))) end as made_from from build_state.nodes"
        ~ " where unique_id in ('" ~ read | join("', '") ~ "')) as now"
    ).rows[0] -%}
    {{ return({'made_from': row[0][3:], 'unchanged': row[1]}) }}
{%- endmacro %}

{#- Kept in the transaction that writes the table, so that neither is there without the other. -#}
{% macro record_table(relation, made_from) -%}
    {{ _record(model.unique_id, made_from, content_of(relation)) }}
{%- endmacro %}

{#- A view holds what it reads: its content is what it is made from. -#}
{% macro record_view(made_from) -%}
    {{ _record(model.unique_id, made_from, "nullif('" ~ made_from ~ "', '')") }}
{%- endmacro %}

{% macro record_passed(made_from) -%}
    {{ _record(model.unique_id, made_from, "''") }}
{%- endmacro %}

{% macro _record(unique_id, made_from, content) -%}
    delete from build_state.nodes where unique_id = '{{ unique_id }}';
    insert into build_state.nodes select '{{ unique_id }}', '{{ made_from }}', {{ content }};
{%- endmacro %}

{#- The number of rows, their sum as hashes, and the columns with their types, in one text. -#}
{% macro content_of(relation) -%}
    (
        select concat_ws('/', count(*), sum(cast(hash(contents) as hugeint)), (
            select md5(typeof(contents))
            from (select 1) as one left join {{ relation }} as contents on true
            limit 1
        ))
        from {{ relation }} as contents
    )
{%- endmacro %}

{#- The descriptions, in one statement instead of one per column. -#}
{% macro comments_of(relation, model) -%}
    {%- if config.persist_relation_docs() and model.description %}
    comment on {{ relation.type }} {{ relation }} is {{ duckdb_escape_comment(model.description) }};
    {%- endif %}
    {%- if config.persist_column_docs() %}
    {%- for column in model.columns.values() if column.description %}
    comment on column {{ relation }}.{{ column.name }} is {{ duckdb_escape_comment(column.description) }};
    {%- endfor %}
    {%- endif %}
{%- endmacro %}
