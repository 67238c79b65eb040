{#-
    What a figure counts, as SQL over the marts. Written from what the counting models read: of forms the answers and
    cohorts, of returns the measures, by the same macros. What only a figure says (its period, its place, the value of
    its breakdown) stands in the SQL as the name of its column in braces.
-#}
{%- set measures = social_care_measures(
    none, measures=ref('social_care_measure'), lines=ref('social_care_indicator_line')
) -%}
{#- What a model adds to a fact is not published. Measures that need none of it are counted on the fact alone. -#}
{%- set facts_behind = {'int_social_care_plan': ('fct_protection_plan', ['is_disabled'])} -%}
with

cell as (
    select * from {{ ref('int_report_cell') }}
    where population_id is not null
),

cohort as (
    select * from {{ ref('int_cohort') }}
),

population as (
    select * from {{ ref('dim_population') }}
),

-- A figure on one of these leaves out the forms that were not asked it, which a fact lists.
question_not_asked as (
    select question_no
    from {{ ref('dim_question') }}
    where not is_asked_everywhere
),

line as (
    select * from {{ ref('social_care_indicator_line') }}
),

answers_of_cells as (
    select
        cell_id,
        'counted' as what,
        dataset,
        answer_id,
        weight
    from {{ ref('int_cell_answer') }}
    where not contains(dataset, '-')
    union all
    select
        cell.cell_id,
        'in_n' as what,
        population_answer.dataset,
        population_answer.answer_id,
        1 as weight
    from cell
    inner join {{ ref('int_population_answer') }} as population_answer
        on cell.population_id = population_answer.population_id
),

answer_lists as (
    select
        cell_id,
        what,
        dataset,
        weight,
        answer_id = 0 as is_the_form,
        cast(list(answer_id order by answer_id) as varchar) as answers
    from answers_of_cells
    group by cell_id, what, dataset, weight, answer_id = 0
),

-- How often a form counts: once for itself (answer 0), and for each answer it, or the matched intake form, gave.
answer_terms as (
    select
        answer_lists.cell_id,
        answer_lists.what,
        string_agg(
            case when answer_lists.weight < 0 then ' - ' else ' + ' end
            || case when abs(answer_lists.weight) > 1 then abs(answer_lists.weight) || ' * ' else '' end
            || case
                when answer_lists.is_the_form then '1'
                when
                    answer_lists.dataset = cohort.form_id
                    then 'len(list_intersect(form.answers, ' || answer_lists.answers || '))'
                else 'coalesce(len(list_intersect(intake.answers, ' || answer_lists.answers || ')), 0)'
            end,
            ''
            order by answer_lists.weight desc, answer_lists.is_the_form desc, answer_lists.dataset
        ) as terms
    from answer_lists
    inner join cell on answer_lists.cell_id = cell.cell_id
    inner join cohort on cell.cohort_id = cohort.cohort_id
    group by answer_lists.cell_id, answer_lists.what
),

-- Every term has its sign in front, of which the first needs none.
cells_with_plain_terms as (
    select
        cell.*,
        question_not_asked.question_no is not null as is_asked_of_some,
        cohort.form_id,
        cohort.is_clients_only,
        cohort.intake_answers,
        cell.statistic in ('mean', 'median') as has_number,
        case when cell.dataset = cohort.form_id then 'form' else 'intake' end as asked,
        case when cohort.form_id = 'intake' then 'form' else 'intake' end as admitted,
        substr(base.terms, 4) as plain_in_n,
        coalesce(substr(counted.terms, 4), '0') as plain_counted
    from cell
    inner join cohort on cell.cohort_id = cohort.cohort_id
    left join answer_terms as base on cell.cell_id = base.cell_id and base.what = 'in_n'
    left join answer_terms as counted on cell.cell_id = counted.cell_id and counted.what = 'counted'
    left join question_not_asked on cell.question_no = question_not_asked.question_no
),

cells_with_terms as (
    select
        *,
        {% for side in ['in_n', 'counted'] %}
        case
            when
                is_asked_of_some
                then 'case when list_contains(form.' || case asked when 'intake' then 'intake_' else '' end
                    || 'not_asked, ' || question_no || ') then 0 else '
                    || plain_{{ side }} || ' end'
            else plain_{{ side }}
        end as {{ side }}{{ ',' if not loop.last }}
        {% endfor %}
    from cells_with_plain_terms
),

form_columns as (
    select
        *,
        case
            when
                has_number
                then 'list_filter(' || asked || '.numbers, lambda item: item.question_no = ' || question_no
                    || ')[1].number as given, '
            when statistic = 'services' then 'form.service_code, ' || in_n || ' as counted, '
            else counted || ' as counted, '
        end || in_n || ' as in_n' as columns,
        'where form.reporting_year = {period} and {geography_code} in (''all_services'', form.service_code)'
        || case when is_clients_only then ' and form.is_client_record' else '' end
        || case
            when
                intake_answers is not null
                then ' and list_has_any(' || admitted || '.answers, ' || cast(intake_answers as varchar) || ')'
            else ''
        end as conditions
    from cells_with_terms
),

form_lists as (
    select
        *,
        'from (' || chr(10) || '    '
        || concat_ws(
            chr(10) || '    ',
            'select form.landed_row_id, ' || columns,
            'from marts.fct_' || form_id || ' as form',
            case
                when
                    contains(columns || conditions, 'intake.')
                    then 'left join marts.fct_intake as intake on form.intake_form_key = intake.form_key'
            end,
            conditions
        )
        || chr(10) || ')' as from_forms
    from form_columns
),

counts_of_forms as (
    select
        form_lists.table_id as indicator_id,
        form_lists.point,
        form_lists.row_order,
        form_lists.column_label,
        'both' as side,
        population.population_label || coalesce(
            ' (asked where «' || population.opening_question
            || '» was answered ' || population.opening_answers || ')',
            ''
        ) as counted,
        'select ' || case form_lists.statistic
            when 'mean' then 'avg(given) as given, count(given) as denominator'
            when 'median' then 'median(given) as given, count(given) as denominator'
            when
                'services'
                then 'count(distinct service_code) filter (where counted > 0) as numerator, sum(in_n) as denominator'
            else 'sum(counted) as numerator, sum(in_n) as denominator'
        end
        || chr(10) || form_lists.from_forms as count_sql,
        'select landed_row_id' || chr(10) || form_lists.from_forms || chr(10) || 'where '
        || case when form_lists.has_number then 'given is not null' else 'counted > 0' end as rows_sql
    from form_lists
    inner join population on form_lists.population_id = population.population_id
),

measure as (
    {% for measure in measures %}
    {% set fact, lacks = facts_behind.get(measure['relation'], (measure['relation'], [])) %}
    {% set needs = [measure['condition'], measure['item'], measure['breakdown_column']] | join(' ') %}
    {% set is_published = not fact.startswith('int_') and not lacks | select('in', needs) | list %}
    select
        {{ text_literal(measure['measure_id']) }} as measure_id,
        {{ text_literal(measure['breakdown']) }} as breakdown,
        {{ text_literal(measure['measure_label']) }} as measure_label,
        {{ text_literal(counted_records(measure['counting'], measure['item']) | trim) }} as counted,
        {{ text_literal(records_sql(measure, fact)) if is_published else 'cast(null as varchar)' }} as records_sql
    {{ 'union all' if not loop.last }}
    {% else %}
    select
        '' as measure_id,
        '' as breakdown,
        '' as measure_label,
        '' as counted,
        '' as records_sql
    {% endfor %}
),

measures_of_lines as (
    select
        indicator_id,
        line_order,
        'numerator' as side,
        numerator_measure as measure_id,
        {{ breakdown_above('line') }} as breakdown
    from line
    union all
    select
        indicator_id,
        line_order,
        'denominator' as side,
        denominator_measure as measure_id,
        {{ breakdown_below('line', breakdown_above('line')) }} as breakdown
    from line
    where denominator_measure is not null
),

counts_of_returns as (
    select
        measures_of_lines.indicator_id,
        '' as point,
        measures_of_lines.line_order as row_order,
        '' as column_label,
        measures_of_lines.side,
        coalesce(
            measure.measure_label,
            measures_of_lines.measure_id || ', from the counts of single years or the population estimates'
        ) as counted,
        'select ' || measure.counted || ' as ' || measures_of_lines.side || chr(10) || measure.records_sql as count_sql,
        'select *' || chr(10) || measure.records_sql as rows_sql
    from measures_of_lines
    left join measure
        on measures_of_lines.measure_id = measure.measure_id and measures_of_lines.breakdown = measure.breakdown
),

counts as (
    select * from counts_of_forms
    union all
    select * from counts_of_returns
)

select * from counts
