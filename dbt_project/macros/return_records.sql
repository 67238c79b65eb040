{#
    What makes two landed records the same event: the fields of the key, beside the authority. `dates` are those of them
    that are days, `optional` those that may be blank. With `of_parent` the record belongs to the record it lies in and
    shares its fate (the disabilities of a child, the factors of an assessment); with `yearly` it says something of one
    collection; `shared` records are the same whichever authority sends them.

    `several`: a child can have several of a day, so records of one key that differ are different events, of which
    those that are `unlikely` come last. Of other kinds there is one for a key, and of records that differ the one that says
    most speaks. `going_on` holds of an event that a later collection has to tell again; where that has another instead,
    which begins at most `corrected_within` days from it, its first day was corrected. `unfinished` holds of an event that has
    an end and goes on all the same in a next one (X1 of an episode of care).
#}
{% macro record_identities() -%}
    {{ return([
        {'record_id': 'cin_child', 'keys': ['child_key']},
        {'record_id': 'cin_disability', 'keys': ['child_key', 'disability'], 'of_parent': true},
        {'record_id': 'cin_referral', 'keys': ['child_key'], 'dates': ['referral_date'], 'several': true,
            'unlikely': 'is_no_further_action is true',
            'going_on': 'closure_date is null and is_no_further_action is not true', 'corrected_within': 31},
        {'record_id': 'cin_assessment', 'keys': ['child_key'], 'dates': ['start_date'], 'several': true,
            'going_on': 'authorisation_date is null', 'corrected_within': 31},
        {'record_id': 'cin_assessment_factor', 'keys': ['child_key', 'factor'], 'of_parent': true},
        {'record_id': 'cin_plan', 'keys': ['child_key'], 'dates': ['start_date'], 'several': true,
            'going_on': 'end_date is null', 'corrected_within': 31},
        {'record_id': 'cin_section47', 'keys': ['child_key'], 'dates': ['start_date'], 'several': true},
        {'record_id': 'cin_protection_plan', 'keys': ['child_key'], 'dates': ['start_date'], 'several': true,
            'going_on': 'end_date is null', 'corrected_within': 31},
        {'record_id': 'cin_plan_review', 'keys': ['child_key'], 'dates': ['review_date']},
        {'record_id': 's903_header', 'keys': ['child_key']},
        {'record_id': 's903_episode', 'keys': ['child_key'], 'dates': ['start_date'], 'several': true,
            'going_on': 'end_date is null', 'corrected_within': 31, 'unfinished': "reason_episode_ceased = 'X1'"},
        {'record_id': 's903_missing', 'keys': ['child_key'], 'dates': ['start_date'], 'several': true,
            'going_on': 'end_date is null', 'corrected_within': 7},
        {'record_id': 's903_uasc', 'keys': ['child_key'],
            'going_on': 'end_date is null and is_unaccompanied is not false'},
        {'record_id': 's903_health', 'keys': ['child_key'], 'yearly': true},
        {'record_id': 'annex_a_contact', 'keys': ['child_key'], 'dates': ['contact_date'], 'optional': ['contact_source'],
            'several': true},
        {'record_id': 'annex_a_early_help', 'keys': ['child_key'], 'dates': ['start_date'], 'optional': ['organisation'],
            'several': true},
        {'record_id': 'annex_a_referral', 'keys': ['child_key'], 'dates': ['referral_date'], 'several': true,
            'unlikely': 'is_no_further_action is true'},
        {'record_id': 'annex_a_assessment', 'keys': ['child_key'], 'dates': ['start_date'], 'several': true},
        {'record_id': 'annex_a_section47', 'keys': ['child_key'], 'dates': ['start_date'], 'several': true},
        {'record_id': 'annex_a_child_in_need', 'keys': ['child_key'], 'dates': ['start_date'], 'several': true},
        {'record_id': 'annex_a_protection_plan', 'keys': ['child_key'], 'dates': ['start_date'], 'several': true},
        {'record_id': 'annex_a_looked_after', 'keys': ['child_key'], 'dates': ['start_date'], 'several': true},
        {'record_id': 'annex_a_care_leaver', 'keys': ['child_key'], 'yearly': true},
        {'record_id': 'annex_a_adoption', 'keys': ['child_key'], 'optional': ['decision_date'], 'yearly': true},
        {'record_id': 'annex_a_adopter', 'keys': ['child_key'], 'optional': ['enquiry_date'], 'yearly': true},
        {'record_id': 'missing_episode', 'keys': ['episode_key', 'child_key'], 'dates': ['started_at']},
        {'record_id': 'local_referral', 'keys': ['referral_key', 'child_key'], 'dates': ['referral_date']},
        {'record_id': 'disabled_team_case', 'keys': ['child_key'], 'dates': ['open_date'], 'several': true},
        {'record_id': 'youth_offence', 'keys': ['offence_key', 'child_key'], 'dates': ['offence_date']},
        {'record_id': 'treatment_episode', 'keys': ['client_key'], 'dates': ['start_date'], 'several': true},
        {'record_id': 'police_incident', 'keys': ['incident_key'], 'dates': ['incident_date']},
        {'record_id': 'police_person', 'keys': ['incident_key', 'person_key'], 'optional': ['role']},
        {'record_id': 'early_help_attendance', 'keys': ['child_key'], 'dates': ['attended_on'], 'optional': ['service'],
            'several': true},
        {'record_id': 'family_support_allocation', 'keys': ['child_key'], 'dates': ['allocated_on'], 'several': true},
        {'record_id': 'early_help_assessment', 'keys': ['child_key'], 'dates': ['completed_on']},
        {'record_id': 'young_carer', 'keys': ['child_key'], 'dates': ['start_date'], 'several': true},
        {'record_id': 'lado_referral', 'keys': ['referral_key'], 'dates': ['allegation_date']},
        {'record_id': 'school_census_pupil', 'keys': ['upn_key'], 'dates': ['census_date']},
        {'record_id': 'service_count', 'keys': ['service_id', 'count'], 'dates': ['counted_on'], 'optional': ['breakdown']},
        {'record_id': 'population', 'keys': ['area_code', 'mid_year', 'age', 'sex', 'population'], 'shared': true},
        {'record_id': 'comparator', 'keys': ['indicator_id', 'area_level', 'area_name', 'period', 'value'],
            'optional': ['breakdown']},
    ]) }}
{%- endmacro %}


{# Counts and values have to be there, but two deliveries that differ in them are versions of one record. #}
{% macro record_key_parts(identity) -%}
    {%- set values = ['count', 'population', 'value'] -%}
    {%- set parts = [] if identity.get('shared') else ['la_code'] -%}
    {%- for field in identity['keys'] if field not in values -%}{%- do parts.append(field) -%}{%- endfor -%}
    {%- for field in identity.get('dates', []) + identity.get('optional', []) -%}
        {%- do parts.append(field) -%}
    {%- endfor -%}
    {%- if identity.get('yearly') -%}{%- do parts.append('collection_year') -%}{%- endif -%}
    {{ return(parts) }}
{%- endmacro %}


{# The staged records of one type that came in deliveries in force, whatever became of them; `records` says which. #}
{% macro records_in_force(staged, records) -%}
    select staged.*
        from {{ staged }} as staged
        inner join {{ records }} as record
            on staged.landed_row_id = record.landed_row_id
        where record.is_in_force
{%- endmacro %}


{#
    The staged records of one type with a key and a date that no later one replaces; `records` says which these are, which
    of several of a day, from when on a later collection does not tell what was going on, and whose child the header of
    the return does not name any more. What `set_aside` names is left out, with what lies in it.
#}
{% macro latest_records(staged, records, set_aside=none) -%}
    select
            staged.*,
            record.ordinal,
            record.absent_from,
            record.is_child_withdrawn
        from {{ staged }} as staged
        inner join {{ records }} as record
            on staged.landed_row_id = record.landed_row_id
        where
            record.is_latest
            {%- if set_aside %}
            and staged.landed_row_id not in (select lost.landed_row_id from {{ set_aside }} as lost)
            and coalesce(staged.parent_row_id not in (select lost.landed_row_id from {{ set_aside }} as lost), true)
            {%- endif %}
{%- endmacro %}


{#
    The staged records of one type that are accepted, with the values that count: a value that a rule sets aside is NULL.
    `dispositions` says what became of each; `nullable` names the columns some rule can set aside.
#}
{% macro accepted_records(staged, dispositions, nullable=[]) -%}
    select
            staged.*
            {%- if nullable %} replace (
                {%- for field in nullable %}
                case
                    when not coalesce(list_contains(decided.fields_set_aside, '{{ field }}'), false) then staged.{{ field }}
                end as {{ field }}{{ ',' if not loop.last }}
                {%- endfor %}
            )
            {%- endif %},
            decided.absent_from
        from {{ staged }} as staged
        inner join {{ dispositions }} as decided
            on staged.landed_row_id = decided.landed_row_id
        where decided.disposition = 'accepted'
{%- endmacro %}

