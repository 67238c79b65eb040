"""What runs the pipeline: landing, dbt, releases, Dagster, the command line.

    errors, settings, progress, hashing, locking, warehouse, environment, runlog   what every part needs
    landing/       delivered files into raw tables
    transform/     dbt
    release/       what is published, and the switch
    assets/        Dagster's graph of all steps; `definitions` is where Dagster's own programs find it
    commands/      the command line

A line imports those above it, never one below. Here does not belong the definition of any figure (`dbt_project/`), of
any check (`expectations/`), or how anything looks (`reporting/`).
"""
