{% from "_shared.sql" import comparison_figures, tested_differences %}
-- table: core.mart_claims
-- grain: wave, claim_id
-- keys: wave
{{ "-- not empty" if has_claims }}
-- refers: claim_id -> registry.claims

{{ tested_differences("core.mart_claims", ["wave", "claim_id"], comparison_figures) }}

-- expect: every row of registry.claims is there
select listed.claim_id as expected from registry.claims as listed
left join core.mart_claims as found on listed.claim_id = found.claim_id
where found.claim_id is null;
