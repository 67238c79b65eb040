{{ indicator_trends(ref('int_published_returns')) }}
