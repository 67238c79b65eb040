"""What a document is made of, and how it becomes HTML and PDF.

    blocks, figure_cell       sections, tables, charts, sentences; the cell that prints a part of a figure
    layout                    the shape of a table: its columns, letters, which way its page lies
    lettering, chart_svg      how wide letters are; a chart's specification as SVG
    about                     the section that opens a report with the programme's own words
    rendering, html, pdf      what both renderers share; one file of HTML; a tagged PDF
    pdf_packing               makes a tagged PDF small
    templates, assets, typesetting

Belongs here: how any document looks. Does not: what stands in one (the folders above), how a chart is laid out
(`charts`). May import `figures` and `numbers`, nothing above.
"""
