"""dbt in this process: the parsed project, one invocation at a time, what came of every node, column lineage.

Here belongs what knows dbt and does not know Dagster. What dbt builds stands in `dbt_project`; in which step of a run
it is built stands in `orchestration.assets`.
"""
