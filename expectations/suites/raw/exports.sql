-- table: raw.exports
-- grain: landed file, superseded ones included
-- keys: export_id, wave, kind, part
-- not empty
-- one of: survey = {{ survey }}
-- one of: kind = export, frame
-- one of: wave = {{ wave_names | join(", ") }}
-- at least: row_count 1
-- at least: column_count 1
-- unique: wave, kind, part where superseded_by is null

-- expect: content_sha256 is a SHA-256 hash in lower-case hexadecimal
select
    export_id,
    wave
from raw.exports
where not regexp_full_match(content_sha256, '[0-9a-f]{64}');

-- expect: every wave, kind and part is a delivery that the registry lists
select distinct
    exports.wave,
    exports.kind,
    exports.part
from raw.exports as exports
where
    exports.wave is not null and exports.kind is not null and exports.part is not null
    and not exists (
        select 1 from {{ deliveries }} as listed
        where exports.wave = listed.wave and exports.kind = listed.kind and exports.part = listed.part
    );

-- expect: a superseded file points at another file of the same delivery, and says when
select
    old.export_id,
    old.wave,
    old.kind,
    old.part
from raw.exports as old
left join raw.exports as new
    on
        old.superseded_by = new.export_id
        and old.wave = new.wave and old.kind = new.kind and old.part = new.part
where
    (old.superseded_by is null) <> (old.superseded_at is null)
    or (old.superseded_by is not null and new.export_id is null)
    or old.superseded_by = old.export_id
    or old.superseded_at < old.landed_at;

-- expect: the current exports of a wave hold as many responses as the registry expects
select
    exports.wave,
    sum(exports.row_count) as found
from raw.exports as exports
inner join {{ waves }} as waves on exports.wave = waves.wave
where exports.kind = 'export' and exports.superseded_by is null
group by exports.wave
having sum(exports.row_count) not between min(waves.low) and max(waves.high);

-- expect: a wave with an export has its sampling frame, where that is a file
select distinct exports.wave from raw.exports as exports
inner join {{ waves }} as waves on exports.wave = waves.wave
where
    exports.kind = 'export' and waves.frame_source = 'file'
    and not exists (
        select 1 from raw.exports as frames
        where
            frames.wave = exports.wave and frames.kind = 'frame'
            and frames.superseded_by is null
    );

-- expect: the current files of a wave are all synthetic or all real
select wave from raw.exports
where superseded_by is null
group by wave
having count(distinct is_synthetic) > 1;
