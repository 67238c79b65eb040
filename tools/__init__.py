"""What developers run besides tests: whether everything is described (`doc_coverage`), dbt's unit tests (`unit_tests`),
whether the pages of a PDF can be read (`pdf_layout`; `pdf_pages` reads them).

Here belongs what looks at the repository. Here does not belong what an operator runs (`orchestration/commands/`), nor a
test (`tests/`).
"""
