"""What drew the sample in `data/raw/`: forms of seven services and returns of one authority, none of them a person's.

`forms` and `returns` each draw, dirty and write their own files; `sample_folder` is what the two share. They know the
catalogue and the published figures. Here does not belong: anything a run needs (only `benchmarks` imports this
folder), and any second definition of a question, an option or a code.
"""
