"""How fast the project is, as ratios within one invocation; the times alone mean little on a machine that is shared.

Here belongs what measures: the whole run against a hand-written baseline (`bench`), the run on the sample in one
checkout or two (`small`), the landing of a census, the indicators of the returns, disclosure control, and whether both
sides of a comparison count the same (`agreement`). It calls `insights`, dbt and public functions. Here does not belong
anything that a run or a test needs, and no limit that fails a build.
"""
