"""No published figure may feed a computed one: only the two reconciliations read the publication seeds."""

from __future__ import annotations

import pytest
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from tests.support.paths import ROOT

PROJECT = ROOT / "dbt_project"
PUBLICATION_FOLDER = "seeds/publication/"
READERS = {
    "model.insights.reconciliation": {"published_figure", "published_anomaly", "published_correction"},
    "model.insights.reconciliation_social_care": {"social_care_published", "social_care_anomaly"},
}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """The parsed dbt project. Parsing opens no warehouse, so the file named here need not exist."""
    folder = tmp_path_factory.mktemp("parse")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("INSIGHTS_WAREHOUSE", str(folder / "none.duckdb"))
        result = dbtRunner().invoke(
            [
                "--quiet",
                "parse",
                "--project-dir",
                str(PROJECT),
                "--profiles-dir",
                str(PROJECT),
                "--target-path",
                str(folder / "target"),
                "--log-path",
                str(folder / "logs"),
            ]
        )
    assert result.success, f"The dbt project does not parse: {result.exception}"
    assert isinstance(result.result, Manifest)
    return result.result


def publication_seeds(manifest: Manifest) -> set[str]:
    return {
        unique_id
        for unique_id, node in manifest.nodes.items()
        if node.resource_type == "seed" and node.original_file_path.startswith(PUBLICATION_FOLDER)
    }


def downstream_models(manifest: Manifest, start: set[str]) -> set[str]:
    """Every model that reads one of the nodes, at whatever distance."""
    reached = set(start)
    while True:
        grown = reached | {
            unique_id
            for unique_id, node in manifest.nodes.items()
            if node.resource_type == "model" and reached.intersection(node.depends_on.nodes)
        }
        if grown == reached:
            return reached - start
        reached = grown


def test_only_the_reconciliations_read_published_figures(manifest: Manifest) -> None:
    seeds = publication_seeds(manifest)
    assert seeds, f"No seed was found under {PUBLICATION_FOLDER}; this test would prove nothing."
    assert downstream_models(manifest, seeds) == set(READERS)
    for reader, names in READERS.items():
        read = seeds.intersection(manifest.nodes[reader].depends_on.nodes)
        assert {manifest.nodes[unique_id].name for unique_id in read} == names
    assert {manifest.nodes[unique_id].name for unique_id in seeds} == set().union(*READERS.values())


def test_no_model_names_a_publication_seed_around_the_graph(manifest: Manifest) -> None:
    """A table named in plain SQL, or looked up while SQL is written, would not show in the graph."""
    names = {manifest.nodes[unique_id].name for unique_id in publication_seeds(manifest)}
    texts = {
        unique_id: node.raw_code
        for unique_id, node in manifest.nodes.items()
        if node.resource_type == "model" and unique_id not in READERS
    } | {unique_id: macro.macro_sql for unique_id, macro in manifest.macros.items() if macro.package_name == "insights"}
    readers = {unique_id for unique_id, text in texts.items() if any(name in text for name in names)}
    assert readers == set()
