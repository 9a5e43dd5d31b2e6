-- Six organisations, of which five answered: four agencies (three of them zbo) and two courts.
create schema raw;
create schema staging;
create schema cleaned;
create schema core;
create schema groups;

create table raw.exports as
select
    *,
    'small' as survey,
    '2024' as wave,
    'main' as part,
    export_id || '.csv' as file_name,
    repeat('0a', 32) as content_sha256,
    cast(100 as bigint) as file_bytes,
    'form' as tool,
    'csv' as format,
    'utf-8' as encoding,
    ',' as delimiter,
    cast(null as text) as sheet,
    true as is_synthetic,
    'archive/' || export_id as archive_path,
    timestamp '2024-05-01 12:00:00' as landed_at,
    'somebody' as landed_by
from (values
    ('2024-export-main-0', 'export', 5::bigint, 6::bigint, '2024-export-main-a', timestamp '2024-06-01 12:00:00'),
    ('2024-export-main-a', 'export', 6, 6, null, null),
    ('2024-frame-main-b', 'frame', 6, 2, null, null)
) as listed(export_id, kind, row_count, column_count, superseded_by, superseded_at);

create table raw.export_columns as
select
    exports.export_id,
    cast(listed.column_position as bigint) as column_position,
    listed.column_name,
    cast(null as text) as column_label,
    'text' as source_type
from raw.exports as exports
inner join (values
    ('export', 1, 'key'), ('export', 2, 'inn'), ('export', 3, 'why'), ('export', 4, 'fte'),
    ('export', 5, 'cl'), ('export', 6, 'mail'), ('frame', 1, 'id'), ('frame', 2, 'name')
) as listed(kind, column_position, column_name) on exports.kind = listed.kind;

create table raw.value_labels as
select
    export_id,
    column_position,
    '1' as raw_value,
    'yes' as label
from raw.export_columns
where column_name = 'inn';

create table raw.cells as
select
    exports.export_id,
    exports.wave,
    numbers.row_number,
    listed.column_position,
    case
        when listed.column_position = 1 then 'o' || numbers.row_number
        when listed.column_name <> 'mail' then 'secret'
    end as value
from raw.exports as exports
inner join raw.export_columns as listed on exports.export_id = listed.export_id
cross join generate_series(1, 6) as numbers(row_number)
where numbers.row_number <= exports.row_count;

create table raw.frame as
select
    export_id,
    wave,
    row_number,
    'o' || row_number as organisation_key,
    'Organisation ' || row_number as organisation_name
from raw.cells
where export_id = '2024-frame-main-b' and column_position = 1;

create table staging.stg_unmapped_columns(
    export_id text, wave text, kind text, column_position bigint, column_name text
);
create table staging.stg_unmapped_codes(wave text, question_id text, raw_value text, n_cells bigint);
create table staging.stg_classifications as
select classification_id, is_exhaustive, within_group_id from registry.classifications;
create table staging.stg_organisation_groups as
select
    classification_id,
    group_id,
    parent_group_id,
    cast(null as text) as divided_classification_id,
    cast(null as text) as divided_group_id
from registry.organisation_groups;
create table staging.stg_group_ancestors as
select
    classification_id,
    group_id,
    group_id as ancestor_group_id,
    0 as distance
from registry.organisation_groups
union all
select
    classification_id,
    group_id,
    parent_group_id as ancestor_group_id,
    1 as distance
from registry.organisation_groups
where parent_group_id is not null;

create table cleaned.cln_frame as
select
    wave,
    export_id,
    row_number,
    organisation_key,
    cast(null as text) as exclusion_reason
from raw.frame;

create table cleaned.cln_organisations as
select
    wave,
    organisation_key,
    organisation_name
from raw.frame;

create table cleaned.cln_organisation_groups as
select
    '2024' as wave,
    listed.*
from (values
    ('o1', 'layer', 'agencies', true), ('o2', 'layer', 'agencies', true),
    ('o3', 'layer', 'agencies', true), ('o4', 'layer', 'agencies', true),
    ('o5', 'layer', 'courts', true), ('o6', 'layer', 'courts', true),
    ('o1', 'layer', 'all', false), ('o2', 'layer', 'all', false), ('o3', 'layer', 'all', false),
    ('o4', 'layer', 'all', false), ('o5', 'layer', 'all', false), ('o6', 'layer', 'all', false),
    ('o1', 'form', 'zbo', true), ('o2', 'form', 'zbo', true), ('o3', 'form', 'zbo', true)
) as listed(organisation_key, classification_id, group_id, is_leaf);

create table cleaned.cln_responses as
select
    wave,
    'r' || row_number as response_key,
    organisation_key
from raw.frame
where row_number <= 5;

create table cleaned.cln_excluded_responses as
select
    '2024' as wave,
    'r9' as response_key,
    'o1' as organisation_key,
    'duplicate' as exclusion_reason;

create table cleaned.cln_strata as
select
    '2024' as wave,
    listed.*
from (values
    ('agencies', 4::bigint, 4::bigint, true), ('courts', 2, 1, true)
) as listed(stratum_id, population_count, response_count, is_covered);

create table cleaned.cln_weights as
select
    responses.wave,
    responses.response_key,
    responses.organisation_key,
    strata.stratum_id,
    strata.population_count,
    strata.response_count,
    strata.population_count / strata.response_count as design_weight,
    strata.population_count / strata.response_count as weight
from cleaned.cln_responses as responses
inner join cleaned.cln_organisation_groups as members
    on responses.organisation_key = members.organisation_key
inner join cleaned.cln_strata as strata on members.group_id = strata.stratum_id;

create table cleaned.cln_weighting_margins(
    wave text, classification_id text, group_id text, population_count bigint
);

create table cleaned.cln_answers as
select
    '2024' as wave,
    listed.*
from (values
    ('r1', 'innovated', 'yes', null), ('r1', 'reason', 'law', null), ('r1', 'reason', 'crisis', null),
    ('r1', 'staff', null, 50::double), ('r1', 'climate', 'high', 5),
    ('r2', 'innovated', 'yes', null), ('r2', 'reason', 'none', null), ('r2', 'staff', null, 20),
    ('r3', 'innovated', 'no', null), ('r3', 'staff', null, 30), ('r3', 'climate', 'low', 1),
    ('r4', 'innovated', 'yes', null), ('r4', 'reason', 'law', null), ('r4', 'staff', null, 40),
    ('r4', 'climate', 'high', 5),
    ('r5', 'innovated', 'no', null), ('r5', 'staff', null, 10), ('r5', 'climate', 'low', 1)
) as listed(response_key, question_id, option_id, numeric_value);

create table cleaned.cln_rejected_answers(
    wave text, response_key text, question_id text, raw_value text, rejection_reason text
);

create table cleaned.cln_response_questions as
select
    responses.wave,
    responses.response_key,
    questions.question_id,
    case
        when exists (
            select 1 from cleaned.cln_answers as answers
            where answers.response_key = responses.response_key
                and answers.question_id = questions.question_id
        ) then 'answered'
        when questions.question_id in ('reason', 'climate') then 'not_asked'
        else 'no_answer'
    end as status
from cleaned.cln_responses as responses
cross join registry.questions as questions
where questions.question_id in ('innovated', 'reason', 'staff', 'climate');

create table cleaned.cln_indicator_values as
select
    responses.wave,
    responses.response_key,
    listed.indicator_id,
    case when listed.value is null then 'not_asked' else 'answered' end as status,
    listed.value,
    case when listed.value is not null then 1.0::double end as denominator
from cleaned.cln_responses as responses
inner join (values
    ('r1', 'innovating', 1::double), ('r2', 'innovating', 1), ('r3', 'innovating', 0),
    ('r4', 'innovating', 1), ('r5', 'innovating', 0),
    ('r1', 'mood', 5), ('r2', 'mood', null), ('r3', 'mood', 1), ('r4', 'mood', 5), ('r5', 'mood', 1),
    ('r1', 'reasons', 2), ('r2', 'reasons', 0), ('r3', 'reasons', null), ('r4', 'reasons', 1),
    ('r5', 'reasons', null),
    ('r1', 'staff_total', 50), ('r2', 'staff_total', 20), ('r3', 'staff_total', 30),
    ('r4', 'staff_total', 40), ('r5', 'staff_total', 10)
) as listed(response_key, indicator_id, value) on responses.response_key = listed.response_key;

create table core.dim_classifications as
select
    classification_id,
    'nl' as label_nl,
    'en' as label_en,
    is_exhaustive,
    cast(null as text) as divided_classification_id
from registry.classifications;
create table core.dim_organisation_groups as
select classification_id, group_id, parent_group_id, 'nl' as label_nl, 'en' as label_en,
    cast(null as text) as divided_group_id
from registry.organisation_groups;
create table core.dim_topics as
select topic, 'nl' as label_nl, 'en' as label_en from registry.topics;
create table core.dim_indicators as
select indicator_id, kind, 'nl' as label_nl, 'en' as label_en from registry.indicators;
create table core.dim_questions as
select question_id, 'nl' as wording_nl, 'en' as wording_en from registry.questions where not is_personal;
create table core.dim_waves as
select wave, 'nl' as label_nl, 'en' as label_en, true as is_synthetic from registry.waves;

create table core.fct_response_rates as
select
    members.wave,
    members.classification_id,
    members.group_id,
    count(*) as n_population,
    count(responses.response_key) as n_responses,
    count(responses.response_key) / count(*) as response_rate,
    'published' as suppression_status,
    cast(null as text) as suppression_reason
from cleaned.cln_organisation_groups as members
left join cleaned.cln_responses as responses on members.organisation_key = responses.organisation_key
group by members.wave, members.classification_id, members.group_id;

create table core.mart_weighting as
select
    '2024' as wave,
    6::bigint as n_population,
    5::bigint as n_responses,
    0::bigint as n_uncovered,
    2::bigint as n_strata,
    2::bigint as n_weighting_strata,
    0::bigint as n_collapsed_strata,
    0::bigint as n_uncovered_strata,
    'none' as calibration_method,
    0::bigint as n_margin_groups,
    1.0::double as smallest_weight,
    2.0::double as largest_weight,
    1.0::double as smallest_adjustment,
    1.0::double as largest_adjustment,
    4.5::double as n_effective,
    5 / 4.5::double as weighting_effect;

create table core.fct_estimates as
with counted as (
    select
        rates.wave,
        rates.classification_id,
        rates.group_id,
        indicators.indicator_id,
        indicators.kind,
        rates.n_responses,
        sum(case when valued.status <> 'not_asked' then 1 else 0 end)::bigint as n_asked,
        sum(case when valued.status = 'answered' then 1 else 0 end)::bigint as n_answered,
        0::bigint as n_dont_know,
        sum(case when valued.status = 'not_asked' then 1 else 0 end)::bigint as n_not_asked,
        case when indicators.kind = 'total' then sum(valued.value) else avg(valued.value) end as estimate
    from core.fct_response_rates as rates
    cross join core.dim_indicators as indicators
    inner join cleaned.cln_organisation_groups as members
        on rates.classification_id = members.classification_id and rates.group_id = members.group_id
    left join cleaned.cln_responses as responses on members.organisation_key = responses.organisation_key
    left join cleaned.cln_indicator_values as valued
        on responses.response_key = valued.response_key and indicators.indicator_id = valued.indicator_id
    group by
        rates.wave,
        rates.classification_id,
        rates.group_id,
        indicators.indicator_id,
        indicators.kind,
        rates.n_responses
)
select
    wave,
    classification_id,
    group_id,
    indicator_id,
    kind,
    case when n_answered >= 2 then n_responses end as n_responses,
    case when n_answered >= 2 then n_asked end as n_asked,
    case when n_answered >= 2 then n_answered end as n_answered,
    case when n_answered >= 2 then n_dont_know end as n_dont_know,
    case when n_answered >= 2 then n_not_asked end as n_not_asked,
    case when n_answered >= 2 then n_dont_know / n_asked end as dont_know_share,
    case when n_answered >= 2 then n_not_asked / n_responses end as not_asked_share,
    case when n_answered >= 2 then estimate end as unweighted_estimate,
    case when n_answered >= 2 then estimate * 0.9 end as unweighted_lower,
    case when n_answered >= 2 then least(estimate * 1.1, case when kind = 'share' then 1 else 1e9 end) end
        as unweighted_upper,
    case when n_answered >= 2 then estimate end as estimate,
    case when n_answered >= 2 then 0.1 end as standard_error,
    case when n_answered >= 2 then 1.0 end as design_effect,
    case when n_answered >= 2 then n_answered * 0.9 end as n_effective,
    case when n_answered >= 2 then 1.0::double end as interval_size,
    case when n_answered >= 2 then estimate * 0.9 end as estimate_lower,
    case when n_answered >= 2 then least(estimate * 1.1, case when kind = 'share' then 1 else 1e9 end) end
        as estimate_upper,
    case when n_answered >= 2 then 'wilson_kish' end as interval_method,
    case when n_answered >= 2 then 0.0 end as item_nonresponse_rate,
    case when n_answered >= 2 and kind in ('share', 'mean') then estimate * 0.5 end as bound_lower,
    case when n_answered >= 2 and kind in ('share', 'mean') then estimate * 1.5 end as bound_upper,
    case when n_answered >= 2 then 'low' end as precision_status,
    case when n_answered >= 2 then 'published' else 'suppressed' end as suppression_status,
    case when n_answered < 2 then 'base_below_minimum' end as suppression_reason
from counted;

create table core.mart_representativeness as
select
    '2024' as wave,
    'wave' as level,
    cast(null as text) as classification_id,
    cast(null as text) as group_id,
    6::bigint as n_population,
    5::bigint as n_responses,
    5 / 6 as response_rate,
    0.7 as r_indicator,
    0.1 as standard_error,
    0.5 as r_lower,
    0.9 as r_upper,
    0.18 as coefficient_of_variation,
    cast(null as double) as unconditional_partial,
    cast(null as double) as conditional_partial,
    'published' as suppression_status,
    cast(null as text) as suppression_reason
union all
select '2024', 'variable', 'layer', null, 6, 5, 5 / 6, null, null, null, null, null, 0.12, 0.1, 'published', null
union all
select
    wave, 'category', classification_id, group_id, n_population, n_responses, response_rate,
    null, null, null, null, null, 0.05, 0.05, 'published', null
from core.fct_response_rates where group_id = 'agencies';

create table core.mart_early_late as
select
    wave,
    indicator_id,
    cast(2 as bigint) as n_answered_early,
    n_answered - 2 as n_answered_late,
    estimate - 0.1 as estimate_early,
    estimate as estimate_late,
    0.1 as difference,
    -0.1 as difference_lower,
    0.3 as difference_upper,
    0.04 as p_value,
    0.045 as p_adjusted,
    cast(2 as bigint) as n_tests,
    'late_higher' as verdict,
    'published' as suppression_status,
    cast(null as text) as suppression_reason
from core.fct_estimates where group_id = 'all' and n_answered >= 4;

create table core.mart_response_rates as select *, 'en' as group_label_en from core.fct_response_rates;
create table core.mart_estimates as select *, 'en' as group_label_en from core.fct_estimates;
create table groups.readers as
select 'agencies' as reader_group_id, 'layer' as classification_id, 'agencies' as group_id
union all
select 'agencies', 'form', 'zbo';
create table groups.response_rates as
select 'agencies' as reader_group_id, * from core.mart_response_rates where group_id in ('agencies', 'zbo');
