"""What machines and people get to count on with: files in an open data standard, a workbook, and their description.

    lines, columns, labels, titles      every published figure with its place; its cells of numbers and of words
    meaning                             what an n counts, how a figure was made
    ees, data_sets                      the form of the files; which there are, and their rows
    workbook_tables, workbook           the tables for people, and how they are written
    datapackage, licence                the description for machines; what the publisher decides
    checks/                             the standard, as checks that know nothing of the writer
    writing                             all of it, read back and checked

`python -m reporting.open_data FOLDER` checks a folder. Belongs here: what leaves the house as files to count with. Does
not: which figures may leave it (`disclosure`), pages for readers (`forms_report`, `needs_assessment`).
"""
