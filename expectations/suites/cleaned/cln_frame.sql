-- table: cleaned.cln_frame
-- grain: row of a current sampling frame, with the reason where it does not count
-- keys: export_id, row_number

-- expect: every row of the current frames is there, and no other
with judged as (
    select
        export_id,
        count(*) as n_rows
    from cleaned.cln_frame
    group by export_id
),

delivered as (
    select
        frame.export_id,
        count(*) as n_rows
    from raw.frame as frame
    inner join raw.exports as exports on frame.export_id = exports.export_id
    where exports.superseded_by is null
    group by frame.export_id
)

select
    coalesce(delivered.export_id, judged.export_id) as export_id,
    coalesce(delivered.n_rows, 0) as expected,
    coalesce(judged.n_rows, 0) as found
from delivered
full join judged on delivered.export_id = judged.export_id
where coalesce(delivered.n_rows, 0) <> coalesce(judged.n_rows, 0);

-- expect: a row that repeats or contradicts another leaves one that counts
select
    repeated.wave,
    repeated.organisation_key
from cleaned.cln_frame as repeated
left join cleaned.cln_frame as kept
    on
        repeated.wave = kept.wave
        and repeated.organisation_key = kept.organisation_key
        and kept.exclusion_reason is null
where
    repeated.exclusion_reason in ('repeated_row', 'contradicting_row')
    and kept.organisation_key is null;
