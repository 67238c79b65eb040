"""Landing: delivered files into `raw.*`, one load per file, append-only.

Here belongs everything between a file of the raw folder and its rows: recognising it, reading it, what is kept of a
value, pseudonyms, the ledger. Nothing outside reads a raw file. Here does not belong any judgement of what the rows
say: that is for staging and the gates.

From below: `reading`, `minimise`, `pseudonym` (what is kept of one value), `ledger`, `raw_tables`, `transaction`,
`refusal`, `tabular/` (files as records); then `forms/` and `returns/`, which know nothing of each other; above them
`dispatch` (what a file is and who lands it) and `folder` (all files of the raw folder). `sample` tells whether what has
landed is the sample.
"""
