"""Synthetic children's social care returns of one made-up authority.

No clock, no person: the same seed gives the same bytes. The modules, in the order in which they run:

``counts``       the whole numbers that must come out, and ``targets`` the printed figures they make
``model``        what a child's life course consists of; ``people`` makes children
``life``         one coherent life course per child
``youth``, ``particulars``, ``factors``, ``services``, ``missing``, ``police``, ``schools``   what lies around it
``reference``    population and comparators
``national``     the rows of the two national returns, ``annex_a`` those of the inspection workbook
``dirt``         what real returns hold besides
``writers``      files in the national formats
``sample``       the whole delivery in one call
``check``        counts every target again from the written files alone

`python -m synthetic.returns` writes the folder again. Nothing here belongs to the forms.
"""
