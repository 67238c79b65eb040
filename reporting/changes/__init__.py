"""What changed between two releases.

    releases                          where a release lies, its manifest, the keys of its tables
    difference, words                 what can differ; one line of text for each change
    two_releases                      two releases side by side on one connection
    tables, contents, records         tables and rows; figures and definitions; files, checks and code
    comparison                        all of it: `diff_releases`, and the lines of `insights diff`

Belongs here: comparing what lies in two release folders. Does not: which release is in force, making or deleting one
(`orchestration`); the page that tells of it (`documentation`).
"""
