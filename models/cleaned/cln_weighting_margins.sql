with

weighting_margins as (

    select * from {{ ref('weighting_margins') }}

),

counted as (

    select
        wave,
        classification_id,
        group_id,
        count(*) as organisation_count
    from {{ ref('cln_organisation_groups') }}
    group by
        wave,
        classification_id,
        group_id

),

final as (

    select
        weighting_margins.wave,
        weighting_margins.classification_id,
        weighting_margins.group_id,
        cast(
            coalesce(weighting_margins.population_count, counted.organisation_count, 0) as bigint
        ) as population_count
    from weighting_margins
    left join counted
        on
            weighting_margins.wave = counted.wave
            and weighting_margins.classification_id = counted.classification_id
            and weighting_margins.group_id = counted.group_id

)

select * from final
