"""Dagster's side of a run: its steps as assets, their checks, what starts them.

    landing, transform, gates, release   the steps: which assets each makes, and what it tells of them
    resources                            what steps share: the home, the dbt project, the run
    acceptance                           an operator's override of a check, as it is typed
    automation                           the job, the schedule, the sensor
    graph                                all of it put together

Here belongs what Dagster has to know. What a step does belongs elsewhere: `orchestration.landing`,
`orchestration.transform`, `expectations` (the gates), `orchestration.release`.
"""
