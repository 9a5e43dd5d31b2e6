with

weights as (

    select * from {{ ref('cln_design_weights') }}

),

margins as (

    select * from {{ ref('cln_weighting_margins') }}

),

margin_classifications as (

    select distinct
        wave,
        classification_id
    from margins

),

members as (

    select
        organisation_groups.wave,
        organisation_groups.organisation_key,
        organisation_groups.classification_id,
        organisation_groups.group_id
    from {{ ref('cln_organisation_groups') }} as organisation_groups
    inner join margins
        on
            organisation_groups.wave = margins.wave
            and organisation_groups.classification_id = margins.classification_id
            and organisation_groups.group_id = margins.group_id

),

-- Who is in none of the groups has a row too: the weights cannot be calibrated then.
final as (

    select
        weights.wave,
        weights.response_key,
        margin_classifications.classification_id,
        members.group_id,
        weights.design_weight
    from weights
    inner join margin_classifications
        on weights.wave = margin_classifications.wave
    left join members
        on
            weights.wave = members.wave
            and weights.organisation_key = members.organisation_key
            and margin_classifications.classification_id = members.classification_id

)

select * from final
