"""What readers get of a release: reports, open data, documentation. Made from its tables, which are only read.

    errors, release_files     the error of this folder; the names of a release's files
    programme                 whose release it is
    protection                how public figures are protected, in words
    figures, indicators       figures as all outputs read them, before or behind disclosure control; what they mean
    numbers                   how a number is printed
    document/                 what a document is made of, and its HTML and PDF
    charts/                   kinds of charts
    forms_report/             the report of the services' forms
    needs_assessment/         the report of an authority's returns
    open_data/                files in an open data standard, a workbook, their description
    changes/                  what two releases differ in
    documentation/            pages that say what everything is
    outputs                   all of it, put together

A line may import lines above it, never one below; the folders from `forms_report` to `changes` do not know each other.

Belongs here: what stands on a page or in a file for readers, and how it looks. Does not: counting (dbt), hiding
(`disclosure`), placing and switching releases (`orchestration`). Nothing here imports `orchestration`.
"""
