"""The open data standard as a list of checks, written from the published guidance; no check needs a data set of ours.

A check looks at one pair of files and names every breach by file, row and column, with what to do. No message holds a
value. Rows are counted as a text editor does: the header is row 1.

Source of the rules: DfE analysts' guide, "Open Data Standards" (what the screener of Explore Education Statistics
demands), with these differences. The guide only advises a Total; here every filter has one, or names its default item
in `filter_default`. Stricter than the guide: lines end in LF, no cell begins like a formula, a number has at most the
decimals of `indicator_dp`, and every column of the data file is described.

    files, rules                             a pair of files as checks see it; what a check is
    columns, items, periods, areas, cells    the checks, by what they look at
    folder                                   runs all of them over a folder

Belongs here: what the standard demands. Does not: how our files are made; of the writer only its names for columns and
symbols are known here.
"""
