-- table: cleaned.cln_organisations
-- grain: wave and organisation of the population
-- keys: wave, organisation_key
-- not empty
-- refers: wave -> registry.waves

-- expect: every organisation of the frame, or of a response where there is none, is there
with kept as (
    select
        wave,
        count(*) as n_organisations
    from cleaned.cln_organisations
    group by wave
),

listed as (
    select
        framed.wave,
        count(*) as n_organisations
    from cleaned.cln_frame as framed
    inner join registry.waves as waves on framed.wave = waves.wave
    where framed.exclusion_reason is null and waves.frame_source = 'file'
    group by framed.wave
    union all
    select
        responses.wave,
        count(distinct responses.organisation_key) as n_organisations
    from cleaned.cln_responses as responses
    inner join registry.waves as waves on responses.wave = waves.wave
    where waves.frame_source <> 'file'
    group by responses.wave
)

select
    coalesce(listed.wave, kept.wave) as wave,
    coalesce(listed.n_organisations, 0) as expected,
    coalesce(kept.n_organisations, 0) as found
from listed
full join kept on listed.wave = kept.wave
where coalesce(listed.n_organisations, 0) <> coalesce(kept.n_organisations, 0);
