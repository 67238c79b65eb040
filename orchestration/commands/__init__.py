"""The command line: what an operator types, and every line that comes back.

Here belongs what prints; what it prints of is done in the folders below. A command imports what it needs when it runs,
so that `insights --help` and `insights status` load neither Dagster nor dbt nor Great Expectations.
"""
