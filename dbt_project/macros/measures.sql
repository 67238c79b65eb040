{#
    Counting for the indicators of social care. What is counted is written down once, in the seed social_care_measure:
    the table, the dates, the condition and what one counts. These macros turn the rows of a family into the SQL of its
    model, so that a new measure is a row of the seed. They write the SQL of one number too, which is published
    (indicator_count): the models and it have the counting and the dates from the same macros.

    A measure is counted in windows (int_social_care_window): a year, a part of one, a day. How a record falls into one:
    within, its day lies in the window; overlapping, its spell touches it; on_day, its spell holds the window's last
    day; year, it is a record of a reporting year.
#}


{# What one counts of the records of a measure: events, the people or things they are of, or a sum. #}
{% macro counted_records(counting, item) -%}
    {%- if counting == 'events' -%}
        count(*)
    {%- elif counting == 'members' -%}
        count(distinct {{ item }})
    {%- elif counting == 'sum' -%}
        sum({{ item }})
    {%- else -%}
        {{ exceptions.raise_compiler_error("The seed social_care_measure names the counting '" ~ counting ~ "'.") }}
    {%- endif -%}
{%- endmacro %}


{# Where the records of a measure stand that one figure counts, as SQL for indicator_count. What only the figure says
   stands there as its column in braces. #}
{% macro records_sql(measure, relation) -%}
    {%- set conditions = [
        'la_code = {geography_code}',
        falls_into(
            measure['timing'], measure['start_column'], last_day(measure), 'reporting_year',
            '{period_start}', '{period_end}', '{period}'
        ) | trim
    ] -%}
    {%- if measure['condition'] -%}{%- do conditions.append(measure['condition']) -%}{%- endif -%}
    {%- if measure['breakdown'] != 'total' -%}
        {%- do conditions.append(breakdown_value(measure) ~ ' = {breakdown_value}') -%}
    {%- endif -%}
    {{ return('from marts.' ~ relation ~ '\nwhere ' ~ conditions | join('\n    and ')) }}
{%- endmacro %}


{# The value of a measure's breakdown; what the records do not say is a value too. #}
{% macro breakdown_value(measure) -%}
    coalesce({{ measure['breakdown_column'] }}, 'not recorded')
{%- endmacro %}


{# The year to 31 March that a publication means, which writes it in several ways: 2016 (year ending 31 March),
   2016 (31 March), 2015/16, 2015-16 (provisional). NULL for any other period: a calendar year, several years together. #}
{% macro published_year(period) -%}
    case
        when
            regexp_matches({{ period }}, '^[0-9]{4}[-/]([0-9]{2})?[0-9]{2}( \(.*\))?$')
            and (try_cast(left({{ period }}, 4) as integer) + 1) % 100
            = try_cast(right(regexp_extract({{ period }}, '^[0-9]{4}[-/][0-9]+'), 2) as integer)
            then try_cast(left({{ period }}, 4) as integer) + 1
        when regexp_matches(lower({{ period }}), '^[0-9]{4} \((year (ending|ended|to) )?(on )?31 march\)$')
            then try_cast(left({{ period }}, 4) as integer)
    end
{%- endmacro %}


{# The last day of a measure's spell; one without an end lasts for ever. #}
{% macro last_day(measure) -%}
    coalesce({{ measure['end_column'] }}, date '9999-12-31')
{%- endmacro %}


{# Which of its counts a line of an indicator shows: a line with a value of its own is a second way to say the whole. #}
{% macro breakdown_above(line) -%}
    case when {{ line }}.shown_value is null then {{ line }}.breakdown else 'total' end
{%- endmacro %}


{# What stands below the line, given what stands above it: the same part, or the whole. #}
{% macro breakdown_below(line, above) -%}
    case when {{ line }}.denominator_breakdown = 'same' then {{ above }} else 'total' end
{%- endmacro %}


{# The measures of a family (without one, of all) in order, as dicts of the seed's columns, blank where the seed is. With
   them `windows`, those that indicators want them for; and, from macros/coverage.sql, `source_id`, the return whose windows
   they are counted in, and `needs`, the records that have to be there. #}
{% macro social_care_measures(family, measures, lines) -%}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}
    {%- set query -%}
        select
            measure.*,
            (
                select string_agg(line.windows, ';' order by line.windows)
                from {{ lines.render() }} as line
                where
                    measure.measure_id in (line.numerator_measure, line.denominator_measure)
                    or measure.measure_id || '_each_year' = line.numerator_measure
            ) as windows
        from {{ measures.render() }} as measure
        {{ "where measure.family = '" ~ family ~ "'" if family }}
        order by measure.measure_id, measure.breakdown, measure.timing
    {%- endset -%}
    {%- set family_measures = [] -%}
    {%- for row in catalogue_rows(query) -%}
        {%- set measure = {} -%}
        {%- for column in row.keys() -%}{%- do measure.update({column: row[column] or ''}) -%}{%- endfor -%}
        {%- do measure.update({'needs': needs_of_measure(measure)}) -%}
        {%- do measure.update({'source_id': source_of_record(measure['needs'][0][0])}) -%}
        {%- do family_measures.append(measure) -%}
    {%- endfor -%}
    {{ return(family_measures) }}
{%- endmacro %}


{# All counts of a family: source_id, la_code, window_id, measure_id, breakdown, breakdown_value, events. `tables` are the
   relations its measures count, by the names the seed has for them. #}
{% macro count_measures(measures, windows, tables) -%}
    {#- Measures of one table that differ in their condition only are counted in one pass over it. -#}
    {%- set passes = {} -%}
    {%- for measure in measures -%}
        {%- set is_member = measure['counting'] == 'members' -%}
        {%- set key = [
            measure['relation'], measure['source_id'], measure['timing'], measure['start_column'],
            measure['end_column'], measure['breakdown_column'],
            measure['item'] if is_member else ''
        ] | join('|') -%}
        {%- do passes.setdefault(key, []).append(measure) -%}
    {%- endfor -%}
    {%- for key, counted in passes.items() %}
    {{ count_in_pass(counted, windows, tables) }}
    {{ 'union all' if not loop.last }}
    {%- else %}
    select
        source_id,
        la_code,
        window_id,
        '' as measure_id,
        '' as breakdown,
        '' as breakdown_value,
        cast(0 as bigint) as events
    from {{ windows }}
    where false
    {%- endfor -%}
{%- endmacro %}


{# Events and sums are first counted per day (or year), people per window: nobody counts twice in one. #}
{% macro count_in_pass(measures, windows, tables) -%}
    {%- set first = measures[0] -%}
    {%- if first['relation'] not in tables -%}
        {{ exceptions.raise_compiler_error(
            "The seed social_care_measure counts '" ~ first['relation'] ~ "', which its model does not name. Nothing was "
            ~ "changed. Add the table to the model and start again."
        ) }}
    {%- endif -%}
    {%- set is_member = first['counting'] == 'members' -%}
    {%- set has_breakdown = first['breakdown'] != 'total' -%}
    {%- set in_days = not is_member and first['timing'] in ('within', 'year') -%}
    select
        '{{ first['source_id'] }}' as source_id,
        pass.la_code,
        pass.window_id,
        {{ entry_field('pass.entry', 'measure_id') }} as measure_id,
        '{{ first['breakdown'] }}' as breakdown,
        {{ 'pass.breakdown_value' if has_breakdown else "'total'" }} as breakdown_value,
        cast({{ entry_field('pass.entry', 'events') }} as bigint) as events
    from (
        select
            spread.la_code,
            spread.window_id,
            {% if has_breakdown %}spread.breakdown_value,{% endif %}
            {{ explode(measure_entries(measures)) }} as entry
        from (
            select
                span.la_code,
                span.window_id,
                {% if has_breakdown %}record.breakdown_value,{% endif %}
                {% for measure in measures %}
                {%- if in_days %}
                sum(record.n_{{ loop.index }}) as n_{{ loop.index }}{{ ',' if not loop.last }}
                {%- else %}
                {{ counted_records(measure['counting'], 'record.item') }} filter (where record.is_{{ loop.index }})
                    as n_{{ loop.index }}{{ ',' if not loop.last }}
                {%- endif %}
                {%- endfor %}
            from {{ windows }} as span
            {{ 'inner' if has_breakdown else 'left' }} join (
                select
                    la_code,
                    {% if has_breakdown %}{{ breakdown_value(first) }} as breakdown_value,{% endif %}
                    {% if first['timing'] == 'year' %}reporting_year,
                    {% else %}{{ first['start_column'] }} as first_day,
                    {% if first['end_column'] %}
                    {{ last_day(first) }} as last_day,
                    {% endif %}
                    {% endif %}
                    {% if is_member %}{{ first['item'] }} as item,{% endif %}
                    {% for measure in measures %}
                    {%- set condition = measure['condition'] or 'true' %}
                    {%- if in_days %}
                    {{ counted_records(measure['counting'], measure['item']) }} filter (where {{ condition }})
                        as n_{{ loop.index }}
                    {%- else %}
                    ({{ condition }}) as is_{{ loop.index }}
                    {%- endif %}{{ ',' if not loop.last }}
                    {%- endfor %}
                from {{ tables[first['relation']] }}
                {% if in_days %}group by
                    la_code,
                    {% if has_breakdown %}{{ breakdown_value(first) }},{% endif %}
                    {{ 'reporting_year' if first['timing'] == 'year' else first['start_column'] }}
                {% endif %}
            ) as record
                on
                    span.la_code = record.la_code
                    and {{ falls_into(
                        first['timing'], 'record.first_day', 'record.last_day', 'record.reporting_year',
                        'span.period_start', 'span.period_end', 'span.period'
                    ) }}
            where
                span.source_id = '{{ first['source_id'] }}'
                {% if first['timing'] == 'year' %}and span.is_year{% endif %}
                {% if is_member and first['windows'] %}
                and (span.is_year or {{ wanted_windows(measures, 'span.window_id') }})
                {% endif %}
            group by span.la_code, span.window_id{% if has_breakdown %}, record.breakdown_value{% endif %}
        ) as spread
    ) as pass
{%- endmacro %}


{# Whether a record (its day or the days of its spell, or its year) falls into a window. #}
{% macro falls_into(timing, first_day, last_day, reporting_year, period_start, period_end, period) -%}
    {%- if timing == 'within' -%}
        {{ first_day }} between {{ period_start }} and {{ period_end }}
    {%- elif timing == 'overlapping' -%}
        {{ first_day }} <= {{ period_end }} and {{ last_day }} >= {{ period_start }}
    {%- elif timing == 'on_day' -%}
        {{ first_day }} <= {{ period_end }} and {{ last_day }} > {{ period_end }}
    {%- elif timing == 'year' -%}
        {{ reporting_year }} = {{ period }}
    {%- else -%}
        {{ exceptions.raise_compiler_error("The seed social_care_measure names the timing '" ~ timing ~ "'.") }}
    {%- endif -%}
{%- endmacro %}


{# Whether somebody asks for these counts of people in a window: to tell who is the same costs more than to count. #}
{% macro wanted_windows(measures, window_id) -%}
    {%- set wanted = [] -%}
    {%- for measure in measures -%}{%- do wanted.extend(measure['windows'].split(';')) -%}{%- endfor -%}
    {{ window_id }} in ('{{ wanted | unique | sort | join("', '") }}')
{%- endmacro %}


{# One entry per measure, a count that found nothing being zero. #}
{% macro measure_entries(measures) -%}
    [
        {%- for measure in measures %}
        {'measure_id': '{{ measure['measure_id'] }}', 'events': coalesce(spread.n_{{ loop.index }}, 0)}
        {{- ',' if not loop.last }}
        {%- endfor %}
    ]
{%- endmacro %}
