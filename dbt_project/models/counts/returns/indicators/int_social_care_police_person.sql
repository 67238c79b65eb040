{{ config(materialized='view') }}

with

person as (
    select * from {{ ref('fct_police_person') }}
),

incident as (
    select * from {{ ref('fct_police_incident') }}
    where is_domestic_abuse
),

people_of_incidents as (
    select
        incident.la_code,
        incident.incident_key,
        person.person_key,
        person.role,
        person.sex,
        incident.incident_date,
        incident.is_crime,
        incident.risk_grade,
        case person.sex when 'F' then 'female' when 'M' then 'male' else 'not recorded' end as sex_name,
        coalesce(incident.risk_grade in ('high', 'medium'), false) as is_at_risk,
        coalesce(incident.is_crime and person.role = 'survivor', false) as is_survivor_of_crime
    from person
    inner join incident on person.la_code = incident.la_code and person.incident_key = incident.incident_key
)

select * from people_of_incidents
