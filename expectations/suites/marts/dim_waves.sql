-- table: core.dim_waves
-- grain: wave
-- keys: wave
-- not empty
-- refers: wave -> registry.waves

-- expect: every wave with a landed export is there
select distinct exports.wave from raw.exports as exports
left join core.dim_waves as waves on exports.wave = waves.wave
where
    exports.kind = 'export' and exports.superseded_by is null
    and waves.wave is null;
