{#
code: SC309
records: [police_person]
severity: set_aside_record
says: Every person belongs to an incident that was sent.
then: The person is set aside. Send the incident too.
keeps:
  - police_incident
  - police_person
breaks:
  - police_person
#}
{% macro sc309(latest, landed) -%}
select
    'police_person' as record_id,
    person.landed_row_id,
    null as field_id
from {{ latest.police_person }} as person
left join {{ latest.police_incident }} as incident
    on person.la_code = incident.la_code and person.incident_key = incident.incident_key
where incident.landed_row_id is null
{%- endmacro %}
