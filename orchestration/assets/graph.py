"""The graph: files, raw tables, dbt, gates, release; one job, one schedule, one sensor.

What a step does stands in the module named after it; here they are only put together.
"""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from catalogue import load_catalogue
from catalogue.returns import load_returns
from orchestration.assets.automation import daily_schedule, folder_sensor, insights_job
from orchestration.assets.gates import gate_assets
from orchestration.assets.landing import exports_spec, landing_assets
from orchestration.assets.pipeline import pipeline_resource
from orchestration.assets.release import release_assets
from orchestration.assets.transform import marts_assets, staging_assets
from orchestration.environment import prepare_environment
from orchestration.settings import Settings
from orchestration.transform import dbt


def build_definitions(settings: Settings, project_dir: Path = dbt.DBT_PROJECT_DIR) -> dg.Definitions:
    """The graph over one home folder and one dbt project. Parses the project first when that has not been done."""
    prepare_environment(settings)
    manifest_path = dbt.ensure_manifest(settings, project_dir)
    catalogue = load_catalogue(project_dir / "seeds" / "forms")
    staging = staging_assets(manifest_path)
    marts = marts_assets(manifest_path)
    published = [key for key in [*staging.keys, *marts.keys] if key.path[0] in {"marts", "reference"}]
    job = insights_job()
    return dg.Definitions(
        assets=[
            exports_spec(),
            landing_assets(
                {form_id: form.form_label for form_id, form in catalogue.forms.items()},
                load_returns(project_dir / "seeds" / "returns"),
            ),
            staging,
            marts,
            *gate_assets(
                catalogue,
                staging=sorted(key for key in staging.keys if key.path[0] != "reference"),
                marts=sorted(key for key in marts.keys if key.path[0] == "marts"),
            ),
            *release_assets(manifest_path, sorted(published)),
        ],
        resources={"pipeline": pipeline_resource(settings, project_dir)},
        jobs=[job],
        schedules=[daily_schedule(job)],
        sensors=[folder_sensor(settings, job)],
        executor=dg.in_process_executor,
    )
