"""What an analyst finds beside the numbers: pages that say what everything is, and what changed since last time.

    lineage, pictures            which table is made from which; drawings of it
    dictionary, examples         what is said of each table; a query of it that runs
    indicator_entries, methods   the indicators in words; how figures are made
    release_notes                what is told of the difference to the release before
    site                         the pages, written

Belongs here: pages about data. Does not: pages of figures (`forms_report`, `needs_assessment`), comparing two releases
(`changes`), descriptions of tables and columns (dbt).
"""
