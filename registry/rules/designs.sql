-- Sample designs: clusters, delivered weights, and what they may not be declared with.

-- columns.role: The cluster '{column_name}' is taken from the export, and the population of wave
--   '{wave}' from a frame file.
-- expected: clusters from the frame (kind frame) where frame_source is file, as it knows them all
-- remedy: Map the frame's column instead, or change frame_source in waves.csv.
select columns.*
from columns
inner join waves using (wave)
where kind = 'export' and role = 'cluster' and frame_source = 'file';

-- columns.role: Wave '{wave}' has clusters, and its export is its own frame.
-- expected: clusters where a frame file or strata.csv says how large the population is
-- remedy: Give the column the role ignore, or change frame_source in waves.csv.
select columns.*
from columns
inner join waves using (wave)
where role = 'cluster' and frame_source = 'export';

-- columns.role: Wave '{wave}' has clusters, and weights that are made to add up to margins.
-- expected: no rows in weighting_margins.csv for a wave with role cluster: the variance of calibrated
--   weights is not known by cluster
-- remedy: Delete the margins of the wave, or give the column the role ignore if no clusters were drawn.
select columns.*
from columns
where role = 'cluster' and wave in (select wave from weighting_margins);

-- columns.role: Wave '{wave}' has clusters, and the survey declares {declared} ({file}).
-- expected: no {declared} in a survey with clusters: tests of a difference, scales and the ranges of
--   the public edition take responses for independent of each other
-- remedy: {mend}, or give the column the role ignore if no clusters were drawn.
select columns.*, declared, file, mend
from columns
inner join (
    select 'comparisons' as declared, 'comparisons.csv' as file, 'Empty comparisons.csv' as mend
    where exists (select 1 from comparisons)
    union all
    select 'trends', 'trend_rules.csv', 'Empty trend_rules.csv'
    where exists (select 1 from trend_rules)
    union all
    select 'claims', 'claims.csv', 'Empty claims.csv' where exists (select 1 from claims)
    union all
    select 'scales', 'scales.csv', 'Empty scales.csv' where exists (select 1 from scales)
    union all
    select
        'a public edition', 'publication_rules.csv',
        'Set public_edition to 0 in publication_rules.csv'
    where exists (select 1 from publication_rules where rule_id = 'public_edition' and value = '1')
)
where role = 'cluster';

-- cluster_counts.wave: Wave '{wave}' has no column with role cluster.
-- expected: counts of clusters for waves that were sampled by cluster
-- remedy: Give the column of the export the role cluster, or delete the row.
select *
from cluster_counts
where wave <> '' and wave not in (select wave from columns where role = 'cluster');

-- Where the wave has a frame file, its strata are wrong already.
-- strata.stratum_id: Nobody knows how many clusters '{stratum_id}' has in wave '{wave}': the wave has
--   no frame to count them in.
-- expected: a row in cluster_counts.csv for every stratum of a wave with role cluster
-- remedy: Add the number of clusters, drawn or not.
select strata.*
from strata
inner join waves using (wave)
where
    frame_source = 'registry'
    and wave in (select wave from columns where role = 'cluster')
    and (wave, stratum_id) not in (select wave, stratum_id from cluster_counts);

-- cluster_counts.cluster_count: Stratum '{stratum_id}' is said to have {cluster_count} clusters, and
--   {population_count} organisations.
-- expected: 1 cluster or more, and no more than there are organisations
-- remedy: Correct the number here, or the one in strata.csv.
select cluster_counts.*, population_count
from cluster_counts
inner join strata using (wave, stratum_id)
where cluster_count < 1 or cluster_count > population_count;

-- weight_sources.weight_source: The weights of wave '{wave}' are delivered, and no column of part
--   '{part}' has them.
-- expected: an export column with role weight in columns.csv, in every part
-- remedy: Add the role, or set weight_source to design.
select weight_sources.*, part
from weight_sources
inner join deliveries using (wave)
where
    weight_source = 'delivered'
    and kind = 'export'
    and not exists (
        select 1 from columns
        where
            columns.wave = weight_sources.wave
            and columns.kind = 'export'
            and role = 'weight'
            and coalesce(columns.part = deliveries.part, true)
    );

-- weight_sources.weight_source: The weights of wave '{wave}' are delivered, and {why}.
-- expected: {expected}
-- remedy: {mend}, or set weight_source to design.
select weight_sources.*, why, expected, mend
from weight_sources
inner join (
    select
        wave,
        'its export is its own frame' as why,
        'a frame file, or counts in strata.csv, that the weights can be held against' as expected,
        'Change frame_source in waves.csv' as mend
    from waves where frame_source = 'export'
    union all
    select
        wave, 'they are to be made to add up to margins',
        'no rows in weighting_margins.csv: what the sender calibrated is not known',
        'Delete the margins of the wave'
    from weighting_margins group by wave
    union all
    select
        wave, 'the survey has a public edition',
        'public_edition 0 in publication_rules.csv: its ranges rest on one weight per stratum',
        'Set it to 0'
    from waves
    where exists (select 1 from publication_rules where rule_id = 'public_edition' and value = '1')
) using (wave)
where weight_source = 'delivered';
