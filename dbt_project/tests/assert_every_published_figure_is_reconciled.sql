-- Every figure of the publication has its row in the reconciliation, and nothing else has.
select
    published_figure.table_id as figure_table,
    reconciliation.table_id as reconciled_table,
    coalesce(published_figure.row_order, reconciliation.row_order) as row_order
from {{ ref('published_figure') }} as published_figure
full join {{ ref('reconciliation') }} as reconciliation
    on
        published_figure.table_id = reconciliation.table_id
        and published_figure.year = reconciliation.year
        and coalesce(published_figure.point, '') = reconciliation.point
        and published_figure.row_order = reconciliation.row_order
        and coalesce(published_figure.column_label, '') = reconciliation.column_label
where published_figure.table_id is null or reconciliation.table_id is null
