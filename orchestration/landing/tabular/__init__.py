"""Delivered tables as numbered records: encodings, line ends, quotation marks and spreadsheets made plain.

Here belongs what turns the bytes of a CSV file or a workbook into records, and the working copy that DuckDB reads. Here
does not belong what a column means: that is for `forms` and `returns`.
"""
