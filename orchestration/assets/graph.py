"""The graph: files, raw tables, dbt, gates, release; one job, one schedule, one sensor.

What a step does stands in the module named after it; here they are only put together. Building the graph writes
nothing.
"""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from catalogue import load_catalogue
from catalogue.returns import load_returns
from orchestration.assets.automation import automation
from orchestration.assets.gates import CHECK_RESULTS, gate_assets
from orchestration.assets.landing import LOADS, exports_spec, landing_assets
from orchestration.assets.release import reader_specs, release_assets
from orchestration.assets.resources import resources
from orchestration.assets.transform import dbt_steps, transform_assets
from orchestration.assets.versions import version_assets
from orchestration.environment import programme_seeds, set_environment
from orchestration.errors import OperatorError
from orchestration.settings import Settings
from orchestration.transform.project import DBT_PROJECT_DIR, is_parsed, manifest_path, read_manifest


def build_definitions(settings: Settings, project_dir: Path = DBT_PROJECT_DIR) -> dg.Definitions:
    """The graph over one home folder and one dbt project.

    Raises OperatorError when the project has not been parsed as it is now; a run and `insights ui` do that first.
    """
    set_environment(settings)
    if not is_parsed(project_dir):
        raise OperatorError(
            f"The dbt project in {project_dir} has changed since it was last parsed, or was never parsed. Nothing was "
            "done. Run `insights parse`, then try again."
        )
    with programme_seeds(settings) as seeds:
        forms, returns = load_catalogue(seeds / "forms"), load_returns(seeds / "returns")
    manifest = read_manifest(manifest_path(project_dir))
    steps = dbt_steps(manifest)
    before_gate_1, after_gate_1 = ([spec.key for spec in step.specs] for step in steps)
    staged = [key for key in before_gate_1 if key.path[0] != "reference"]
    marts = [key for key in after_gate_1 if key.path[0] == "marts"]
    reference = [key for key in before_gate_1 if key.path[0] == "reference"]
    assets = dg.Definitions(
        assets=[
            exports_spec(),
            landing_assets(forms, returns),
            *transform_assets(steps),
            version_assets(),
            *gate_assets(forms, staging=staged, marts=marts),
            *release_assets([*marts, *reference]),
            *reader_specs(manifest, [*marts, *reference, CHECK_RESULTS, LOADS]),
        ],
        resources=resources(settings, project_dir),
        executor=dg.in_process_executor,
    )
    return dg.Definitions.merge(assets, automation(settings, project_dir))
