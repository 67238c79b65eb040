-- The facts carry their breakdowns as columns; the catalogue says what each one is. The two lists must be one.
with

in_catalogue as (
    select breakdown from {{ ref('breakdown') }}
),

in_models as (
    {% for column in breakdown_columns() %}
    select '{{ column }}' as breakdown
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    in_catalogue.breakdown as catalogue_breakdown,
    in_models.breakdown as model_breakdown
from in_catalogue
full join in_models on in_catalogue.breakdown = in_models.breakdown
where in_catalogue.breakdown is null or in_models.breakdown is null
