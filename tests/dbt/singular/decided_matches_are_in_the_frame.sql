-- A decision names an organisation of the frame of its wave; otherwise it would decide nothing.
select
    decisions.wave,
    decisions.organisation_key
from {{ ref('organisation_matches') }} as decisions
inner join (
    select distinct wave
    from {{ ref('cln_organisations') }}
) as landed
    on decisions.wave = landed.wave
left join {{ ref('cln_organisations') }} as organisations
    on
        decisions.wave = organisations.wave
        and decisions.organisation_key = organisations.organisation_key
where
    decisions.organisation_key is not null
    and organisations.organisation_key is null
