{#
    Which records a measure of social care needs, and how far back: told from the measure's definition. The table it
    counts is made of records (its staging models, or those of the facts it reads), and so is each column it names that
    looks at another table: the YAML of that column says `meta: {reads: {table: months back}}`, which
    tests/unit/dbt_project/test_sources_of_measures.py holds against the SQL. A table whose rows are of fewer records than
    it reads says `meta: {rows_of: [tables]}`.
#}


{# The local extracts: the return in int_social_care_window, the record, where its days stand, and the last day of a
   spell. An extract covers a window when its records reach to within a month of both ends; one of spells, in which a new
   one is rare, to within a quarter. #}
{% macro local_extracts() -%}
    {{ return([
        ('missing', 'missing_episode', 'fct_missing_episode', 'started_on', ''),
        ('local_referral', 'local_referral', 'fct_local_referral', 'referral_date', ''),
        ('disabled_team', 'disabled_team_case', 'fct_disabled_team_case', 'open_date', 'close_date'),
        ('youth_justice', 'youth_offence', 'fct_youth_offence', 'offence_date', ''),
        ('treatment', 'treatment_episode', 'fct_treatment_episode', 'start_date', 'end_date'),
        ('police', 'police_incident', 'fct_police_incident', 'incident_date', ''),
        ('police', 'police_person', 'int_social_care_police_person', 'incident_date', ''),
        ('early_help', 'early_help_attendance', 'fct_early_help_attendance', 'attended_on', ''),
        ('family_support', 'family_support_allocation', 'fct_family_support_allocation', 'allocated_on', 'ended_on'),
        ('early_help_assessment', 'early_help_assessment', 'fct_early_help_assessment', 'completed_on', ''),
        ('young_carer', 'young_carer', 'fct_young_carer', 'start_date', 'end_date'),
        ('lado', 'lado_referral', 'fct_lado_referral', 'allegation_date', ''),
    ]) }}
{%- endmacro %}


{# The return whose windows a record opens. #}
{% macro source_of_record(record_id) -%}
    {%- if record_id.startswith('cin_') -%}{{ return('cin_census') }}{%- endif -%}
    {%- if record_id.startswith('s903_') -%}{{ return('ssda903') }}{%- endif -%}
    {%- for source_id, extract, _, _, _ in local_extracts() if extract == record_id -%}
        {{ return(source_id) }}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error(
        "No window is opened by the record '" ~ record_id ~ "', so nothing can be counted of it. Nothing was changed. "
        ~ "Add it to local_extracts in macros/coverage.sql and start again."
    ) }}
{%- endmacro %}


{# The records that the rows of a table are made of. #}
{% macro records_behind(relation) -%}
    {%- set node = graph.nodes['model.' ~ project_name ~ '.' ~ relation] -%}
    {%- set records = [] -%}
    {%- for parent in node.depends_on.nodes if '.stg_returns__' in parent -%}
        {%- do records.append(parent.split('.stg_returns__')[1]) -%}
    {%- endfor -%}
    {%- if not records -%}
        {%- set named = node.config.meta.get('rows_of') -%}
        {%- set parents = [] -%}
        {%- for parent in node.depends_on.nodes if parent.split('.')[-1].startswith('fct_') -%}
            {%- do parents.append(parent.split('.')[-1]) -%}
        {%- endfor -%}
        {%- for parent in (parents if named is none else named) -%}
            {%- do records.extend(records_behind(parent)) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(records) }}
{%- endmacro %}


{# What has to be there for a measure: (record, months before the window), its own first. #}
{% macro needs_of_measure(measure) -%}
    {%- set needs = [] -%}
    {%- for record_id in records_behind(measure['relation']) -%}{%- do needs.append((record_id, 0)) -%}{%- endfor -%}
    {%- set columns = graph.nodes['model.' ~ project_name ~ '.' ~ measure['relation']].columns -%}
    {%- for place in ['condition', 'item', 'start_column', 'end_column', 'breakdown_column'] -%}
        {%- set column = columns.get(measure[place]) -%}
        {%- if column -%}
            {%- for table, months in column.config.meta.get('reads', {}).items() -%}
                {%- for record_id in records_behind(table) -%}{%- do needs.append((record_id, months)) -%}{%- endfor -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(needs | unique | list) }}
{%- endmacro %}


{# Which of the measures count what is independent, so that shares of them can be tested for a trend: every child (or
   adult) once in a year, or every assessment once. Nothing of a day or a spell, which hold many of the same children in
   two years; no events of which a child can have several; no factors, of which an assessment has several. #}
{% macro measures_counted_once(measures) -%}
    {%- set units = [['assessment_key'], ['la_code', 'child_key', 'reporting_year']] -%}
    {%- set one_row_each = [] -%}
    {%- for test in (graph.nodes.values() if execute else []) if test.resource_type == 'test' -%}
        {%- set metadata = test.test_metadata or {} -%}
        {%- if metadata.get('name') == 'table_contract' and metadata.kwargs['key'] in units -%}
            {%- do one_row_each.append(test.attached_node.split('.')[-1]) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set found = [] -%}
    {%- for measure in measures if measure['timing'] in ('within', 'year') -%}
        {%- if measure['counting'] == 'members' or (
            measure['counting'] == 'events' and measure['relation'] in one_row_each
        ) -%}
            {%- do found.append(measure['measure_id']) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
