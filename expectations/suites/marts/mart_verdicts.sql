-- table: core.mart_verdicts
-- grain: purpose, wave, family_id
-- keys: purpose, wave

-- expect: no more is declared than without adjustment, nor than is tested
select
    purpose,
    wave,
    family_id
from core.mart_verdicts
where
    n_verdicts > n_unadjusted or n_unadjusted > n_tests
    or n_families < 1 or n_families > n_tests;

-- expect: the changes declared are those of core.fct_trends
select
    wave,
    family_id
from core.mart_verdicts as counted
where purpose = 'trend' and n_verdicts <> (
    select count(*) from core.fct_trends as trends
    where
        trends.wave = counted.wave
        and trends.family_id = counted.family_id
        and trends.verdict in ('increased', 'decreased')
);
