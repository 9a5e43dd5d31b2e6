with

organisations as (

    select * from {{ ref('cln_organisations') }}

),

attributes as (

    select * from {{ ref('stg_organisation_attributes') }}

),

rules as (

    select
        classification_id,
        group_id,
        attribute_id,
        match_minimum,
        match_maximum,
        valid_from,
        valid_to,
        priority,
        {{ normalise_label('match_value') }} as match_value
    from {{ ref('organisation_membership') }}

),

waves as (

    select * from {{ ref('waves') }}

),

ancestors as (

    select * from {{ ref('stg_group_ancestors') }}

),

-- What a rule can look at: the organisation's own key and every attribute it was delivered with.
facts as (

    select
        wave,
        organisation_key,
        'organisation_key' as attribute_id,
        {{ normalise_label('organisation_key') }} as match_value,
        cast(null as double) as match_number
    from organisations

    union all

    select
        organisations.wave,
        organisations.organisation_key,
        attributes.attribute_id,
        {{ normalise_label('attributes.attribute_value') }} as match_value,
        {{ to_register_number('attributes.attribute_value') }} as match_number
    from organisations
    inner join attributes
        on
            organisations.export_id = attributes.export_id
            and organisations.row_number = attributes.row_number

),

matched as (

    select
        facts.wave,
        facts.organisation_key,
        rules.classification_id,
        rules.group_id,
        row_number() over (
            partition by facts.wave, facts.organisation_key, rules.classification_id
            order by rules.priority, rules.group_id
        ) as preference
    from facts
    inner join waves
        on facts.wave = waves.wave
    inner join rules
        on
            facts.attribute_id = rules.attribute_id
            and (rules.match_value is null or facts.match_value = rules.match_value)
            and (rules.match_minimum is null or facts.match_number >= rules.match_minimum)
            and (rules.match_maximum is null or facts.match_number < rules.match_maximum)
            and (rules.valid_from is null or waves.reference_end >= rules.valid_from)
            and (rules.valid_to is null or waves.reference_end <= rules.valid_to)

),

crossings as (

    select * from {{ ref('crossings') }}

),

members as (

    select
        matched.wave,
        matched.organisation_key,
        matched.classification_id,
        ancestors.ancestor_group_id as group_id,
        ancestors.distance = 0 as is_leaf
    from matched
    inner join ancestors
        on
            matched.classification_id = ancestors.classification_id
            and matched.group_id = ancestors.group_id
    where matched.preference = 1

),

crossed as (

    select
        divided.wave,
        divided.organisation_key,
        {{ crossed_id('divided.classification_id', 'dividing.classification_id') }} as classification_id,
        {{ crossed_id('divided.group_id', 'dividing.group_id') }} as group_id,
        divided.is_leaf and dividing.is_leaf as is_leaf
    from members as divided
    inner join crossings
        on divided.classification_id = crossings.classification_id
    inner join members as dividing
        on
            divided.wave = dividing.wave
            and divided.organisation_key = dividing.organisation_key
            and crossings.crossed_classification_id = dividing.classification_id

),

final as (

    select
        wave,
        organisation_key,
        classification_id,
        group_id,
        is_leaf
    from members

    union all

    select
        wave,
        organisation_key,
        classification_id,
        group_id,
        is_leaf
    from crossed

)

select * from final
