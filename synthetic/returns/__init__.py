"""Synthetic children's social care returns of one made-up authority.

`life` draws one coherent life course per child, so that the figures in `targets` come out; `local` draws the records
of other services around it; `dirt` adds what real returns hold besides; `writers` writes them in the national formats.
No clock, no person: the same seed gives the same bytes. `python -m synthetic.returns` writes the folder again and
`python -m synthetic.returns.check` counts every target again from the written files alone.
"""
