{{ year_changes(ref('int_published_forms'), ref('int_published_unlike_year'), ref('int_report_cell')) }}
