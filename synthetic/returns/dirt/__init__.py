"""What real returns hold besides: in small numbers, and with no effect on any target.

Records are bad in fields no target needs, or they are extra records dated in 2012-13 or February 2017, of children of
their own, closed again before anything is counted. Free text carries a mark, so that a test can look for it where it
must never be. `elements` has the lines of extra children, `census`, `looked_after` and `local` dirty what they are
called after; records that count are drawn elsewhere.
"""
