-- Differences, scales and topics of the same six organisations, as the marts present them.
create schema topics;
create schema study;

create table core.fct_comparisons as
select
    wave,
    'agencies_position' as comparison_id,
    classification_id,
    group_id as group_a,
    cast(null as text) as group_b,
    'all' as rest_of_group_id,
    indicator_id,
    kind,
    n_answered as n_answered_a,
    n_answered as n_answered_b,
    estimate as estimate_a,
    estimate - 1 as estimate_b,
    1.0 as difference,
    0.5 as difference_lower,
    1.5 as difference_upper,
    0.001 as p_value,
    0.004 as p_adjusted,
    cast(4 as bigint) as n_tests,
    'a_higher' as verdict,
    suppression_status,
    suppression_reason
from core.fct_estimates
where group_id = 'agencies';
create table core.mart_comparisons as
select *, 'hoger' as verdict_nl, 'higher' as verdict_en from core.fct_comparisons;

create table core.fct_trends as
select
    classification_id,
    group_id,
    indicator_id,
    '2020' as wave_from,
    wave,
    'changes' as family_id,
    n_answered as n_answered_from,
    n_answered,
    n_answered as n_both,
    estimate + 1 as estimate_from,
    estimate,
    -1.0 as difference,
    -1.5 as difference_lower,
    -0.5 as difference_upper,
    0.001 as p_value,
    0.004 as p_adjusted,
    cast(4 as bigint) as n_tests,
    'comparable' as comparability,
    'decreased' as verdict,
    suppression_status,
    suppression_reason
from core.fct_estimates
where suppression_status = 'published';
create table core.mart_trends as
select *, 'lager' as verdict_nl, 'lower' as verdict_en from core.fct_trends;

create table core.mart_verdicts as
select
    'trend' as purpose,
    wave,
    family_id,
    count(*) as n_tests,
    cast(1 as bigint) as n_families,
    count(*) as n_verdicts,
    count(*) as n_unadjusted
from core.fct_trends
group by all;

create table core.mart_claims as
select
    wave,
    'agencies_innovate' as claim_id,
    indicator_id,
    n_answered_a,
    n_answered_b,
    estimate_a,
    estimate_b,
    difference,
    difference_lower,
    difference_upper,
    p_value,
    p_adjusted,
    n_tests,
    'supported' as verdict,
    'bevestigd' as verdict_nl,
    'supported' as verdict_en,
    suppression_status,
    suppression_reason
from core.fct_comparisons
where indicator_id = 'innovating';

create table core.mart_findings as
select
    estimates.wave,
    estimates.classification_id,
    estimates.group_id,
    estimates.indicator_id,
    estimates.n_answered,
    estimates.estimate,
    estimates.estimate_lower,
    estimates.estimate_upper,
    estimates.standard_error,
    positions.group_b as comparator_group_id,
    positions.rest_of_group_id,
    positions.n_answered_b as n_answered_comparator,
    positions.estimate_b as estimate_comparator,
    positions.difference as difference_from_comparator,
    positions.verdict as position_verdict,
    changes.wave_from as previous_wave,
    changes.n_answered_from as n_answered_previous,
    changes.estimate_from as estimate_previous,
    changes.difference as change,
    changes.verdict as change_verdict,
    estimates.suppression_status,
    estimates.suppression_reason
from core.fct_estimates as estimates
left join core.mart_comparisons as positions
    on estimates.group_id = positions.group_a and estimates.indicator_id = positions.indicator_id
left join core.mart_trends as changes
    on
        estimates.classification_id = changes.classification_id
        and estimates.group_id = changes.group_id
        and estimates.indicator_id = changes.indicator_id;
create table topics.findings as
select 'frequency' as mart_id, *, 1 as position_in_topic
from core.mart_findings
where indicator_id = 'innovating';
create table study.frequency as
select * exclude (mart_id), 1 as number_of_types from topics.findings;

create table core.mart_scale_scores as
select
    wave,
    classification_id,
    group_id,
    indicator_id as scale_id,
    n_answered,
    estimate,
    standard_error,
    case when n_answered >= 2 then 1.0 end as standard_deviation,
    case when n_answered >= 3 then 1.0 end as lower_quartile,
    case when n_answered >= 3 then 3.0 end as median,
    case when n_answered >= 3 then 5.0 end as upper_quartile,
    suppression_status,
    suppression_reason
from core.fct_estimates
where indicator_id = 'mood';

create table core.mart_scale_reliability as
select
    wave,
    classification_id,
    group_id,
    scale_id,
    n_answered as n_complete,
    case when n_answered >= 2 then 0.8 end as alpha,
    case when n_answered >= 2 then 0.6 end as alpha_lower,
    case when n_answered >= 2 then 0.9 end as alpha_upper,
    suppression_status,
    suppression_reason
from core.mart_scale_scores;

create table core.mart_scale_items as
select
    *,
    'climate' as question_id,
    estimate as item_mean,
    standard_deviation as item_standard_deviation,
    case when n_answered >= 2 then 0.5 end as item_rest_correlation,
    case when n_answered >= 2 then 0.7 end as alpha_if_deleted,
    n_answered as n_complete
from core.mart_scale_scores;

create table core.mart_scale_distribution as
select
    scores.wave,
    scores.classification_id,
    scores.group_id,
    scores.scale_id,
    bands.band_id,
    scores.n_answered,
    case when bands.band_id = 'high' then scores.n_answered else scores.n_answered * 0 end as n_in_band,
    case when scores.n_answered >= 2 then case when bands.band_id = 'high' then 1.0 else 0.0 end end
        as estimate,
    case when scores.n_answered >= 2 then 0.0 end as estimate_lower,
    case when scores.n_answered >= 2 then 1.0 end as estimate_upper,
    scores.suppression_status,
    scores.suppression_reason
from core.mart_scale_scores as scores
cross join registry.scale_bands as bands;

create table core.mart_item_answers as
select
    * exclude (band_id, n_in_band),
    'climate' as question_id,
    band_id as answer_id,
    n_in_band as n_with
from core.mart_scale_distribution;

create table core.mart_scale_cross as
select
    * exclude (n_in_band),
    'innovating' as outcome_indicator_id,
    n_in_band as n_with_outcome
from core.mart_scale_distribution
where classification_id = 'layer';

create table core.mart_scale_variance as
select
    '2024' as wave,
    'mood' as scale_id,
    'layer' as classification_id,
    'all' as group_id,
    cast(4 as bigint) as n_answered,
    cast(2 as bigint) as n_groups,
    0.5 as eta_squared,
    0.4 as omega_squared,
    0.0 as share_lower,
    0.8 as share_upper,
    'published' as suppression_status,
    cast(null as text) as suppression_reason;

create table core.mart_scale_associations as
select
    wave,
    classification_id,
    group_id,
    scale_id,
    'innovating' as outcome_indicator_id,
    n_answered,
    n_answered as n_events,
    case when n_answered >= 2 then 2.0 end as odds_ratio,
    case when n_answered >= 2 then 1.0 end as odds_ratio_lower,
    case when n_answered >= 2 then 4.0 end as odds_ratio_upper,
    case when n_answered >= 2 then 0.04 end as p_value,
    case when n_answered >= 2 then 'estimated' else 'too_few' end as association_status,
    suppression_status,
    suppression_reason
from core.mart_scale_scores;

create table groups.findings as
select 'agencies' as reader_group_id, * from core.mart_findings where group_id in ('agencies', 'zbo');
create table groups.comparisons as
select 'agencies' as reader_group_id, * from core.mart_comparisons where 'agencies' in (group_a, group_b);
create table groups.trends as
select 'agencies' as reader_group_id, * from core.mart_trends where group_id in ('agencies', 'zbo');

create table groups.climate as
select 'agencies' as reader_group_id, * from (
    select wave, classification_id, group_id, scale_id, null as outcome_indicator_id
    from core.mart_scale_scores
    union all
    select wave, classification_id, group_id, scale_id, outcome_indicator_id
    from core.mart_scale_associations
) where group_id in ('agencies', 'zbo');

create table groups.climate_distribution as
select 'agencies' as reader_group_id, * from (
    select wave, classification_id, group_id, scale_id, band_id, null as outcome_indicator_id
    from core.mart_scale_distribution
    union all
    select wave, classification_id, group_id, scale_id, band_id, outcome_indicator_id
    from core.mart_scale_cross
) where group_id in ('agencies', 'zbo');
