"""Synthetic intake, review and exit forms whose tabulation gives the published figures.

No form here belongs to a person. The modules, in the order in which they run:

``targets``   what must come out: integer margins per year and question, read from the published figures
``solver``    small integer programmes and the ways of spreading counts over forms
``skeleton``  services, clients, cases and dates, without answers
``drawing``   answers, drawn so that every margin holds
``records``   the forms as rows, with ids, times and notes
``dirt``      what real exports do to records, with no effect on any total
``styles``    the export habits of each made-up service
``writers``   CSV and XLSX files in those styles
``sample``    all of it in one call
``scale``     the same forms resampled to any number, for benchmarks

The social care returns have a generator of their own, ``synthetic.returns``.
"""
