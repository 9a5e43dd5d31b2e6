"""The raw schema: what landing writes and nothing else does."""

from __future__ import annotations

RAW_SCHEMA = """
create schema if not exists raw;

create table if not exists raw.exports (
    export_id text not null primary key,
    export_number integer not null unique,
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
    superseded_at timestamp,
    read_as text
);
-- A warehouse made before it was kept how a file was read.
alter table raw.exports add column if not exists read_as text;

-- Replaced files that are current again: what raw.exports said of them until then.
create table if not exists raw.reinstatements (
    export_id text not null,
    file_name text not null,
    superseded_by text not null,
    superseded_at timestamp not null,
    reinstated_at timestamp not null,
    reinstated_by text not null
);

-- Versions that somebody chose, the files of the delivery that were known then, and how the
-- registry said that they are read: those files are set aside, unless they change.
create table if not exists raw.choices (
    export_id text not null,
    chosen_at timestamp not null,
    chosen_by text not null,
    read_as text not null,
    known_files struct(file_name text, content_sha256 text)[] not null
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

create table if not exists raw.missing_ranges (
    export_id text not null,
    column_position integer not null,
    low text not null,
    high text not null
);

create table if not exists raw.multiple_sets (
    export_id text not null,
    set_name text not null,
    set_label text,
    counted_value text,
    column_position integer not null
);

-- What stands behind raw.cells: a number instead of two texts in every one of millions of rows.
create table if not exists raw.cell_values (
    export_number integer not null,
    row_number bigint not null,
    column_position integer not null,
    value text
);

create view if not exists raw.cells as
select
    exports.export_id,
    exports.wave,
    cell_values.row_number,
    cell_values.column_position,
    cell_values.value
from raw.cell_values as cell_values
inner join raw.exports as exports
    on cell_values.export_number = exports.export_number;

-- What was found in a file, as severe as it was before anybody accepted it.
create table if not exists raw.delivery_findings (
    export_id text not null,
    finding_number integer not null,
    severity text not null,
    code text not null,
    message text not null,
    place text not null,
    expected text not null,
    remedy text not null
);

create table if not exists raw.frame (
    export_id text not null,
    wave text not null,
    row_number bigint not null,
    organisation_key text,
    organisation_name text
);
"""
