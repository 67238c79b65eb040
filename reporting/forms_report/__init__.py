"""The report of the services' forms: every table of the published report, and what that one lacks.

    edition                     what one edition is about, and all its figures, read at once
    tables, table_charts        a table of the report as rows and cells; which tables have a chart above them
    findings, together          sentences drawn from the figures by rule; what occurs together and what changed
    methods, quality, chapters  pages that every edition ends with; the order of all of it

Belongs here: what the report of the forms says, in which order. Does not: how a table or chart looks (`document`,
`charts`), how a number is printed (`numbers`), the report of the returns (`needs_assessment`).
"""
