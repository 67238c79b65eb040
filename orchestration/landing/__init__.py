"""Landing: delivered files into `raw.*`, one load per file, append-only but for a load that is read again.

Here belongs everything between a file of the raw folder and its rows: recognising it, reading it, what is kept of a
value, pseudonyms, the ledger. Nothing outside reads a raw file. Here does not belong any judgement of what the rows
say: that is for staging and the gates.

From below: `reading`, `minimise`, `pseudonym` (what is kept of one value), `ledger`, `raw_tables`, `transaction`,
`refusal`, `private`, `tabular/` (files as records); then `forms/` and `returns/`, which know nothing of each other;
above them `rereading` (which loads have to be read again), `dispatch` (what a file is and who lands it), `home` (by
which key and rules a home was read) and `folder` (all files of the raw folder). `undeclared` finds services that nobody
has declared, `sample` tells whether what has landed is the sample.
"""
