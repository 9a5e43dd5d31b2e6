"""The raw schema: what landing writes and nothing else does."""

from __future__ import annotations

RAW_SCHEMA = """
create schema if not exists raw;

create table if not exists raw.exports (
    export_id text not null primary key,
    survey text not null,
    wave text not null,
    kind text not null,
    part text not null,
    file_name text not null,
    content_sha256 text not null,
    file_bytes bigint not null,
    tool text,
    format text not null,
    encoding text,
    delimiter text,
    sheet text,
    row_count bigint not null,
    column_count bigint not null,
    is_synthetic boolean not null,
    archive_path text,
    landed_at timestamp not null,
    landed_by text not null,
    superseded_by text,
    superseded_at timestamp
);

create table if not exists raw.export_columns (
    export_id text not null,
    column_position integer not null,
    column_name text not null,
    column_label text,
    source_type text not null
);

create table if not exists raw.value_labels (
    export_id text not null,
    column_position integer not null,
    raw_value text not null,
    label text not null
);

create table if not exists raw.cells (
    export_id text not null,
    wave text not null,
    row_number bigint not null,
    column_position integer not null,
    value text
);

create table if not exists raw.frame (
    export_id text not null,
    wave text not null,
    row_number bigint not null,
    organisation_key text,
    organisation_name text
);
"""
