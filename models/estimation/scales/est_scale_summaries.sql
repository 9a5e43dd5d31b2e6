{{ config(materialized='ephemeral') }}

with

scores as (

    select * from {{ ref('est_scale_scores') }}

),

organisation_groups as (

    select * from {{ ref('cln_organisation_groups') }}

),

grouped as (

    select
        scores.wave,
        organisation_groups.classification_id,
        organisation_groups.group_id,
        scores.scale_id,
        scores.score,
        scores.weight
    from scores
    inner join organisation_groups
        on
            scores.wave = organisation_groups.wave
            and scores.organisation_key = organisation_groups.organisation_key

),

ranked as (

    select
        wave,
        classification_id,
        group_id,
        scale_id,
        score,
        weight,
        -- The weight of everybody with this score or a lower one: equal scores count together.
        sum(weight) over (
            partition by wave, classification_id, group_id, scale_id
            order by score
            range between unbounded preceding and current row
        ) as weight_up_to,
        sum(weight) over (partition by wave, classification_id, group_id, scale_id) as weight_of_all,
        sum(weight * score) over (partition by wave, classification_id, group_id, scale_id)
        / sum(weight) over (partition by wave, classification_id, group_id, scale_id) as mean_score
    from grouped

),

final as (

    select
        wave,
        classification_id,
        group_id,
        scale_id,
        count(*) as n_answered,
        case
            when count(*) > 1
                then
                    sqrt(
                        sum(weight * power(score - mean_score, 2)) / sum(weight)
                        * count(*) / (count(*) - 1.0)
                    )
        end as standard_deviation,
        {%- for name, part in [('lower_quartile', 0.25), ('median', 0.5), ('upper_quartile', 0.75)] %}
        -- The lowest score that this part of the weight does not exceed, up to rounding.
        min(case when weight_up_to >= {{ part }} * weight_of_all * (1 - 1e-12) then score end) as {{ name }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from ranked
    group by
        wave,
        classification_id,
        group_id,
        scale_id

)

select * from final
