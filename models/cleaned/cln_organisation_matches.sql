with

submissions as (

    select * from {{ ref('stg_submissions') }}

),

identities as (

    select * from {{ ref('stg_organisation_identities') }}

),

waves as (

    select * from {{ ref('waves') }}

),

organisations as (

    select * from {{ ref('cln_listed_organisations') }}

),

successions as (

    select * from {{ ref('organisation_succession') }}

),

decisions as (

    select
        wave,
        organisation_key,
        trim(delivered_key) as delivered_key,
        {{ normalise_label('delivered_name') }} as delivered_name
    from {{ ref('organisation_matches') }}

),

delivered as (

    select
        submissions.wave,
        submissions.response_key,
        submissions.organisation_key,
        identities.register_id,
        {{ normalise_label('identities.organisation_name') }} as organisation_name,
        -- Without any key a name alone says too little: a person decides.
        case
            when submissions.organisation_key is not null
                then {{ normalise_label('identities.organisation_name') }}
        end as telling_name
    from submissions
    left join identities
        on
            submissions.export_id = identities.export_id
            and submissions.row_number = identities.row_number

),

-- What a person decided; a row that names key and name goes before one that names less.
decided as (

    select
        delivered.response_key,
        decisions.organisation_key,
        row_number() over (
            partition by delivered.response_key
            order by
                case when decisions.delivered_key is null then 1 else 0 end,
                case when decisions.delivered_name is null then 1 else 0 end,
                decisions.organisation_key
        ) as preference
    from delivered
    inner join decisions
        on
            delivered.wave = decisions.wave
            and (decisions.delivered_key is null or delivered.organisation_key = decisions.delivered_key)
            and (decisions.delivered_name is null or delivered.organisation_name = decisions.delivered_name)

),

-- Register ids and names find an organisation only where no other has the same.
register_ids as (

    select
        wave,
        register_id,
        min(organisation_key) as organisation_key
    from organisations
    where register_id is not null
    group by
        wave,
        register_id
    having count(*) = 1

),

names as (

    select
        wave,
        {{ normalise_label('organisation_name') }} as organisation_name,
        min(organisation_key) as organisation_key
    from organisations
    where trim(organisation_name) <> ''
    group by
        wave,
        {{ normalise_label('organisation_name') }}
    having count(*) = 1

),

compared as (

    select
        delivered.wave,
        delivered.response_key,
        delivered.organisation_key as delivered_organisation_key,
        own.organisation_key as own_key,
        successor.organisation_key as successor_key,
        decided.response_key is not null as is_decided,
        chosen.organisation_key as chosen_key,
        register_ids.organisation_key as register_key,
        names.organisation_key as name_key
    from delivered
    inner join waves
        on delivered.wave = waves.wave
    left join organisations as own
        on
            delivered.wave = own.wave
            and delivered.organisation_key = own.organisation_key
    left join successions
        on
            delivered.organisation_key = successions.organisation_key
            and successions.effective_date <= waves.fieldwork_end
    left join organisations as successor
        on
            delivered.wave = successor.wave
            and successions.successor_key = successor.organisation_key
    left join decided
        on
            delivered.response_key = decided.response_key
            and decided.preference = 1
    left join organisations as chosen
        on
            delivered.wave = chosen.wave
            and decided.organisation_key = chosen.organisation_key
    left join register_ids
        on
            delivered.wave = register_ids.wave
            and delivered.register_id = register_ids.register_id
    left join names
        on
            delivered.wave = names.wave
            and delivered.telling_name = names.organisation_name

),

final as (

    select
        wave,
        response_key,
        delivered_organisation_key,
        case
            when own_key is not null then own_key
            when successor_key is not null then successor_key
            when is_decided then chosen_key
            when register_key is not null then register_key
            else name_key
        end as organisation_key,
        case
            when own_key is not null then 'key'
            when successor_key is not null then 'succession'
            when is_decided then 'decision'
            when register_key is not null then 'register_id'
            when name_key is not null then 'name'
        end as match_method
    from compared

)

select * from final
