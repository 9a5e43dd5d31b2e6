-- table: raw.frame
-- grain: row of a landed sampling frame
-- keys: export_id, row_number
{{ "-- not empty" if has_frame }}
-- not null: organisation_key
-- unique: export_id, row_number
-- refers: export_id, wave -> raw.exports (every row belongs to a landed file, of the same wave)

-- expect: organisation_key is not blank
select
    export_id,
    wave,
    row_number
from raw.frame
where trim(organisation_key) = '';

-- expect: every row of a current frame is an organisation, and no other file is a frame
with current_exports as (
    select
        exports.export_id,
        exports.wave,
        case
            when exports.kind = 'frame' and waves.frame_source = 'file' then exports.row_count
            when exports.kind = 'export' and waves.frame_source = 'export' then exports.row_count
            else 0
        end as n_organisations
    from raw.exports as exports
    inner join {{ waves }} as waves on exports.wave = waves.wave
    where exports.superseded_by is null
)

select
    exports.export_id,
    exports.wave,
    count(frame.row_number) as found,
    max(exports.n_organisations) as expected
from current_exports as exports
left join raw.frame as frame on exports.export_id = frame.export_id
group by exports.export_id, exports.wave
having count(frame.row_number) <> max(exports.n_organisations);
