{{ indicator_trends(ref('int_returns_value')) }}
