# Every target sets up what it needs: Python 3.11 or newer, git and make are all that a fresh machine has to have.

SHELL := /bin/sh
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo $$p; break; fi; done)

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help run test test-unit test-dbt test-runs lint lint-python lint-sql format hooks bench door foreign ui docs-check returns-yaml return-rules seeds-list snapshot lock clean

help: ## What there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

# The environment, made once and again whenever the lock or the package changes. uv installs it in seconds; where uv
# cannot be had, pip installs the same lock in two minutes. Neither resolves anything: the lock names the hash of every
# file. Compiled at once, so that the first run does not pay for it (nor every run, where bytecode may not be written).
$(READY): requirements.lock requirements-uv.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found."; exit 1; }
	@test -x $(BIN)/python || { echo "Making the environment in $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@if $(BIN)/python -m uv --version >/dev/null 2>&1 \
		|| $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-uv.txt; \
	then $(BIN)/python -m uv pip sync -q --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock; \
	else echo "uv cannot be had; pip does it, in about a minute"; \
		$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock; fi
	@if $(BIN)/python -m uv --version >/dev/null 2>&1; \
	then $(BIN)/python -m uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation --offline -e .; \
	else $(BIN)/python -m pip install -q --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .; fi
	@touch $(READY)

run: $(READY) ## Land, check, transform, check, publish the sample (or RAW=folder HOME_DIR=folder)
	@$(BIN)/insights run $(if $(RAW),--raw "$(RAW)") $(if $(HOME_DIR),--home "$(HOME_DIR)")

test: $(READY) ## Python tests and dbt unit tests, on scratch homes
	@$(BIN)/python -m tools.unit_tests
	@$(BIN)/python -m pytest -n 2 --dist loadscope

test-unit: $(READY) ## Only tests of single modules
	@$(BIN)/python -m pytest -n 2 --dist loadscope tests/unit

test-dbt: $(READY) ## Only dbt's unit tests (or MODEL=name)
	@$(BIN)/python -m tools.unit_tests $(MODEL)

test-runs: $(READY) ## Only tests that run the pipeline or a part of it: integration, faults, privacy
	@$(BIN)/python -m pytest -n 2 --dist loadscope tests/integration tests/faults tests/privacy

lint: $(READY) ## ruff, mypy, which folder imports which, sqlfluff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory -j 2 lint-python lint-sql

lint-python: $(READY)
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo

lint-sql: $(READY)
	@$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar dbt_project/models dbt_project/tests expectations/checks

format: $(READY) ## Let ruff and sqlfluff put the code in order
	@$(BIN)/ruff check --fix --exit-zero -q .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfluff fix --processes 2 --disable-progress-bar dbt_project/models dbt_project/tests expectations/checks

hooks: $(READY) ## Check each commit in this clone before it is made (.pre-commit-config.yaml)
	@$(BIN)/pre-commit install

bench: $(READY) ## Speed: the run on forms, the landing of a census, social care indicators, each against a baseline; disclosure control
	@$(BIN)/python -m benchmarks.bench
	@$(BIN)/python -m benchmarks.census
	@$(BIN)/python -m benchmarks.indicators
	@$(BIN)/insights run --home benchmarks/data/sample
	@INSIGHTS_HOME=benchmarks/data/sample $(BIN)/python -m benchmarks.disclosure

door: $(READY) ## What landing makes of files that change, do harm or are none: 72 cases, in a few minutes
	@$(BIN)/python -m benchmarks.door

foreign: $(READY) ## Programmes of other people from their first command on, and what changes in them (or TEST=words), in a quarter of an hour
	@$(BIN)/python -m pytest -n 0 -vv -s --durations=0 --durations-min=1 -m by_hand $(if $(TEST),-k "$(TEST)")

ui: $(READY) ## The web page of runs, checks and lineage, on 127.0.0.1:3000
	@$(BIN)/insights ui $(if $(RAW),--raw "$(RAW)") $(if $(HOME_DIR),--home "$(HOME_DIR)")

docs-check: $(READY) ## Fails unless every column and table is described, once, every key is tested, and what is written from seeds is up to date
	@$(BIN)/python -m tools.seeds_list --check
	@$(BIN)/python -m tools.returns_yaml --check
	@$(BIN)/python -m tools.return_rules --check
	@$(BIN)/python -m tools.doc_coverage

returns-yaml: $(READY) ## Write the YAML of the returns' raw tables and staging again, from the seeds and docs.md
	@$(BIN)/python -m tools.returns_yaml

return-rules: $(READY) ## Write the list of the returns' rules again (validation_rule.csv), from the files of the rules
	@$(BIN)/python -m tools.return_rules
	@$(BIN)/python -m tools.seeds_list

seeds-list: $(READY) ## Write the list of the engine's seeds again (dbt_project/seeds/shipped.sha256), once they are meant to be so
	@$(BIN)/python -m tools.seeds_list

snapshot: $(READY) ## Write the record of Dagster's graph again (tests/integration/graph.txt)
	@$(BIN)/python -m pytest -n 0 tests/integration/test_graph.py -k on_record --write-snapshot

lock: ## Resolve requirements*.in again into requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-uv.txt
	@$(BIN)/python -m uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" requirements-dev.in -o requirements.lock

clean: ## Remove the environment, scratch homes and caches; warehouse and releases stay
	@rm -rf $(VENV) .scratch .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
