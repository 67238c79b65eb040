"""The two gates: Great Expectations on what landed, and on what would be published.

Here belongs what the data are held to: `checks` (a check that is there once, as a file of SQL), `families` (checks that
the catalogue repeats for each question, form or rule), `suites` (the checks of each gate), `runner` (runs a gate),
`results` (what a gate writes into `ops`), `docs` (pages for people), `engine` and `dialect` (Great Expectations on
DuckDB). What the models must be in themselves (grain, keys, relations, contracts) is tested by dbt, and nothing is
tested twice; what follows from a result is decided by whoever runs a gate.

Nothing is imported here, and `engine` not before a gate runs: Great Expectations takes seconds to import.
"""
