-- table: cleaned.cln_excluded_responses
-- grain: wave and response that is not kept
-- keys: wave, response_key

-- expect: no excluded response is kept as well
select
    excluded.wave,
    excluded.response_key
from cleaned.cln_excluded_responses as excluded
inner join cleaned.cln_responses as kept
    on excluded.wave = kept.wave and excluded.response_key = kept.response_key;
