"""How much one delivered file may ask for, in one place: each limit with its reason.

What is far above anything a form or a return needs is refused by name, with the limit and what to do; the run goes on.
"""

from __future__ import annotations

MEGABYTE = 1_000_000
GIBIBYTE = 1024**3

#: What the reading process may take beyond what it starts with. A workbook of 100,000 forms of 300 columns, each cell
#: filled, takes three quarters of it; a text file of any size and a census a tenth.
MEMORY_BYTES = 4 * GIBIBYTE
#: Seconds of processor for any file, and for each megabyte of it on top: ten times what a slow machine needs.
BASE_SECONDS = 60
SECONDS_PER_MEGABYTE = 2

#: Cells of the sheets of a workbook, counted to their last row and column: the library that reads it takes room for all
#: of them, about 100 bytes each where they are filled. 100,000 forms of 300 columns are 30 million.
MAXIMUM_CELLS = 40_000_000
#: What the parts of a workbook may unpack to.
MAXIMUM_WORKBOOK = 2 * GIBIBYTE

#: What a gzip may unpack to, and from which size on how many times its own. Text packs to a twentieth, a list of codes
#: to a fortieth; what unpacks to three hundred times its size is no return.
MAXIMUM_UNPACKED = 32 * GIBIBYTE
UNSUSPICIOUS_UNPACKED = 64 * 1024**2
MAXIMUM_RATIO = 300

#: More than any table of a form or a return has.
MAXIMUM_COLUMNS = 3000
#: A note of a million characters is no note: a quotation mark was opened and never closed.
MAXIMUM_QUOTED = 1_000_000
#: Bytes of one record of a text file. DuckDB reads lines of two million, the number in front of the record included.
MAXIMUM_RECORD = 1_999_900


def seconds_for(size_bytes: int) -> int:
    """Seconds of processor that reading a file of this size may take."""
    return BASE_SECONDS + SECONDS_PER_MEGABYTE * (size_bytes // MEGABYTE)
