{{ service_comparisons(ref('indicator_value')) }}
