{{ year_changes(ref('indicator_value'), ref('int_unlike_year'), ref('int_report_cell')) }}
