with

segments as (

    select * from {{ ref('est_segments') }}

),

members as (

    select * from {{ ref('est_domain_members') }}

),

domains as (

    select * from {{ ref('est_domains') }}

),

-- One organisation of a segment is in the same groups as the others.
final as (

    select
        segments.segment_id,
        domains.domain_id
    from segments
    inner join members
        on
            segments.wave = members.wave
            and segments.example_organisation_key = members.organisation_key
    inner join domains
        on
            members.wave = domains.wave
            and members.classification_id = domains.classification_id
            and members.group_id = domains.group_id

)

select * from final
