"""Synthetic intake, review and exit forms whose tabulation gives the published figures.

No form here belongs to a person. The modules, in the order in which they run:

``targets``   what must come out: integer margins per year and question, read from the published figures
``solver``    small integer programmes and the ways of spreading counts over forms
``skeleton``  services, clients, cases and dates, without answers
``answers``   answers, drawn by type of question so that every margin holds
``drawing``   all of these in the order of the forms
``records``   the forms as rows, with ids, times and notes
``dirt``      what real exports do to records, with no effect on any total
``styles``    the export habits of each made-up service
``writers``   CSV and XLSX files in those styles
``sample``    all of it in one call
``scale``     the same forms resampled to any number, for benchmarks

Every draw comes from a seeded generator and in a fixed order, so that the same seed gives the same bytes. Nothing here
belongs to the returns.
"""
