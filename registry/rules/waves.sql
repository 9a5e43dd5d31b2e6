-- Waves, their deliveries, their strata, and the margins of their weights.

-- waves.wave, reference_start: Wave '{wave}' starts before wave '{earlier}' (line {earlier_line}).
-- expected: ids that sort in the order of the reference periods, as the SQL compares them as text
-- remedy: Correct the dates, or rename the waves.
select *
from (
    select
        *,
        lag(wave) over by_id as earlier,
        lag(line) over by_id as earlier_line,
        lag(reference_start) over by_id as earlier_start
    from waves
    window by_id as (order by wave)
)
where reference_start < earlier_start;

-- waves.expected_responses_low: 'expected_responses_low' is {expected_responses_low}.
-- expected: 0 or more
-- remedy: Write the fewest rows an export of this wave may hold.
select * from waves where expected_responses_low < 0;

-- waves.frame_source: Wave '{wave}' takes its population from a frame file, and none is expected.
-- expected: a row in deliveries.csv with wave {wave} and kind frame
-- remedy: Add the delivery, or change frame_source.
select * from waves
where frame_source = 'file' and wave not in (select wave from deliveries where kind = 'frame');

-- waves.frame_source: Wave '{wave}' takes its population from the registry, and it has no strata.
-- expected: rows in strata.csv with wave {wave}
-- remedy: Add the population counts, or change frame_source.
select * from waves
where frame_source = 'registry' and wave not in (select wave from strata);

-- deliveries.kind: A frame file is expected of wave '{wave}', whose population comes from the
--   {frame_source}.
-- expected: frame files only where waves.csv has frame_source file
-- remedy: Delete the delivery, or set frame_source to file.
select deliveries.line, wave, frame_source
from deliveries
inner join waves using (wave)
where kind = 'frame' and frame_source in ('export', 'registry');

-- deliveries.format: Encoding, delimiter and decimal sign are of text files, and this may be another.
-- expected: format csv or tsv where one of them is stated
-- remedy: State the format, or empty encoding, delimiter and decimal_sign.
select * from deliveries
where coalesce(encoding, delimiter, decimal_sign) is not null and format not in ('csv', 'tsv');

-- accepted_findings.code: An error '{code}' cannot be accepted: the rows of the file would be wrong.
-- expected: an error that is a matter of judgement, such as response_change
-- remedy: Mend the file or the registry, and delete the row.
select * from accepted_findings
where
    severity = 'error'
    and code in (
        'key_missing', 'role_missing', 'key_unregistered', 'columns_unregistered', 'column_duplicate',
        'response_id_blank', 'response_id_duplicate', 'organisation_key_duplicate',
        'response_count'
    );

-- waves.complete_from_page: Wave '{wave}' judges completeness by the last page, and no column has
--   it.
-- expected: a row in columns.csv with role last_page for this wave
-- remedy: Add the row, or empty complete_from_page.
select distinct waves.*
from waves
inner join deliveries on waves.wave = deliveries.wave and deliveries.kind = 'export'
where
    complete_from_page is not null
    and exists (select 1 from columns where wave = waves.wave and kind = 'export')
    and not exists (
        select 1 from columns
        where
            wave = waves.wave
            and kind = 'export'
            and role = 'last_page'
            and coalesce(part = deliveries.part, true)
    );

-- waves.wave: Wave '{wave}' has no sample design, so its answers get no weight.
-- expected: 1 to 3 rows in strata_design.csv with wave {wave}
-- remedy: Add the classifications that the sample was drawn by.
select * from waves where wave not in (select wave from strata_design);

-- Three positions are what models/cleaned/cln_organisation_strata.sql reads.
-- strata_design.position: The sample design of wave '{wave}' crosses more than 3 classifications.
-- expected: at most 3 rows per wave
-- remedy: Make one classification of two of them.
select *
from (select *, row_number() over (partition by wave order by position) as place from strata_design)
where place > 3;

-- Equal positions are duplicate keys, and reported as such.
-- strata_design.position: Position {position} of wave '{wave}' should be {place}.
-- expected: positions from 1 on in every wave, without gaps
-- remedy: Renumber the rows of this wave.
select *, min(line) as first_line
from (
    select
        *,
        row_number() over (partition by wave order by position) as place,
        count(*) over (partition by wave, position) as alike
    from strata_design
)
where position <> place and wave <> ''
group by wave
having max(alike) = 1;

-- strata.wave: Wave '{wave}' takes its population from the {frame_source}, not from counts.
-- expected: strata only for waves with frame_source registry
-- remedy: Delete the row, or set frame_source to registry.
select strata.line, wave, frame_source
from strata
inner join waves using (wave)
where frame_source in ('file', 'export');

-- strata.population_count: 'population_count' is {population_count}.
-- expected: 0 or more organisations
-- remedy: Correct the count.
select * from strata where population_count < 0;

-- weighting_margins.population_count: Nobody knows how many organisations '{group_id}' has: the
--   wave has no frame.
-- expected: a count, where frame_source is registry
-- remedy: Fill population_count.
select weighting_margins.*
from weighting_margins
inner join waves using (wave)
where population_count is null and frame_source = 'registry';

-- weighting_margins.population_count: The weights of '{group_id}' are to add up to
--   {population_count}.
-- expected: 1 or more
-- remedy: Correct the number, or delete the row.
select * from weighting_margins where population_count < 1;

-- Groups in a circle are reported by themselves.
-- weighting_margins.group_id: The group '{group_id}' lies within '{outer_id}', which is a margin
--   too.
-- expected: groups that have no organisation in common
-- remedy: Keep one of the two levels.
select inside.line, inside.group_id, min(outer_id) as outer_id
from weighting_margins as inside
inner join around using (group_id)
inner join weighting_margins as outside
    on
        inside.wave = outside.wave
        and inside.classification_id = outside.classification_id
        and around.outer_id = outside.group_id
where inside.group_id not in (select group_id from around where group_id = outer_id)
group by inside.line;

-- weighting_margins.population_count: The margins of '{classification_id}' add up to {total} in
--   wave '{wave}', those of '{other}' to {other_total}.
-- expected: the same number of organisations in every classification of a wave
-- remedy: Correct the counts.
select *
from (
    select
        *,
        first_value(classification_id) over by_wave as other,
        first_value(total) over by_wave as other_total
    from (
        select min(line) as line, wave, classification_id, sum(population_count) as total
        from weighting_margins
        group by wave, classification_id
        having count(*) = count(population_count)
    )
    window by_wave as (partition by wave order by line)
)
where total <> other_total;
