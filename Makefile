# Two commands matter: `make demo` and `make test`. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
FLEET ?= 200
PYTEST_FLAGS ?=
SCENARIOS ?=
EVALUATE_FLAGS ?=
FAULTS ?= 45
SEED ?= 1
SECONDS ?= 75
CHAOS_FLAGS ?=
# Live scenarios mostly wait: a third process keeps two cores busy.
WORKERS ?= 3
BIN := .venv/bin
# uv takes seconds. An index of one's own, which only pip has been told of, it does not know.
PIP := $(BIN)/pip -qq --disable-pip-version-check install
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python
with-uv = { $(UV) $(1) || $(PIP) $(1); }
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url \
	--python-version 3.11

# Containers like to set it. Here it would have each process of ours compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

# urllib3-future, which grafana-client needs, else puts itself in the place of urllib3 for everybody.
export URLLIB3_NO_OVERRIDE = 1

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: .venv/demo.stamp ## Run the whole platform with a simulated fleet (PORT=8000 FLEET=200)
	@deploy/demo/install-broker
	@exec $(BIN)/python -m deploy.demo --port $(PORT) --fleet $(FLEET)

.PHONY: test
test: install ## Run all tests, on real parts
	@$(BIN)/pytest --numprocesses $(WORKERS) --dist worksteal $(PYTEST_FLAGS)

.PHONY: check
check: .venv/dev.stamp ## Format, lint, types, import contracts, dead code
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/vulture

.PHONY: bench
bench: install ## Print what the README's figures come from, one JSON object a line
	@$(BIN)/python -m benchmarks

.PHONY: chaos
chaos: install ## Break parts at random, count what is lost (FAULTS=45 SEED=1 SECONDS=75 of a piece)
	@$(BIN)/python -m chaos --seed $(SEED) --faults $(FAULTS) --seconds $(SECONDS) $(CHAOS_FLAGS)

.PHONY: evaluate
evaluate: .venv/dev.stamp ## Judge every detector on labelled fleets (SCENARIOS=folder); half an hour
	@$(BIN)/python -m evaluation $(if $(SCENARIOS),--scenarios $(SCENARIOS)) $(EVALUATE_FLAGS)

.PHONY: format
format: .venv/dev.stamp ## Format the code and fix what lint can fix
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

.PHONY: docs
docs: .venv/dev.stamp ## Generate what is generated: AsyncAPI, facts, the data catalogue, dashboards
	@$(BIN)/python -m gateway.protocol.asyncapi > docs/protocol/asyncapi.json
	@$(BIN)/python -m api.algorithms.facts
	@$(BIN)/python -m api.privacy.documents
	@LIFTWACHT_GRAFANA_DATABASE_HOST=database:5432 LIFTWACHT_GRAFANA_DATABASE_TLS=disable \
		LIFTWACHT_GRAFANA_ALARM_TO='$$LIFTWACHT_ALARM_TO' \
		$(BIN)/python -m api dashboards export deploy/grafana >/dev/null

.PHONY: lock
lock: .venv/dev.stamp ## Pin every dependency anew, with hashes
	@$(LOCK) --all-extras --no-binary urllib3-future --emit-build-options pyproject.toml \
		-o requirements/dev.txt
	@$(LOCK) --extra server --extra tracing --extra simulator --extra demo pyproject.toml \
		-o requirements/demo.txt -c requirements/dev.txt
	@$(LOCK) --extra server --extra tracing --extra jetstream --extra simulator pyproject.toml \
		-o requirements/server.txt -c requirements/dev.txt
	@$(LOCK) pyproject.toml -o requirements/gateway.txt -c requirements/dev.txt
	@echo uv | $(LOCK) - -o requirements/uv.txt -c requirements/dev.txt

SBOM ?= build/sbom
.PHONY: sbom
sbom: .venv/dev.stamp ## Write what is inside, as CycloneDX (SBOM=folder)
	@mkdir -p $(SBOM)
	@for part in server gateway; do \
		$(BIN)/cyclonedx-py requirements requirements/$$part.txt --pyproject pyproject.toml \
			--mc-type application --sv 1.6 --output-reproducible --of JSON -o $(SBOM)/$$part.cdx.json \
			2>/dev/null; \
	done

.PHONY: clean
clean: ## Remove the demo's data and everything built; keep the installed tools
	@rm -rf .run build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: install
install: .venv/dev.stamp tests/node/node_modules/.stamp tools ## Install what developing and testing need

.PHONY: tools
tools:
	@tests/install-tools

.venv/bin/python:
	@echo "Liftwacht: making a virtual environment"
	@$(PYTHON) -m venv .venv || { deploy/demo/apt-install python3-venv && $(PYTHON) -m venv .venv; }
	@$(PIP) --require-hashes -r requirements/uv.txt

# The two lock files agree, so what developing installed serves the demo as well.
.venv/demo.stamp: requirements/demo.txt pyproject.toml | .venv/bin/python
	@test -e .venv/dev.stamp || { \
		echo "Liftwacht: installing the Python packages of the demo"; \
		$(call with-uv,--require-hashes -r requirements/demo.txt); }
	@$(call with-uv,--no-deps --no-build-isolation -e .)
	@touch $@

.venv/dev.stamp: requirements/dev.txt pyproject.toml | .venv/bin/python
	@echo "Liftwacht: installing the Python packages for development"
	@$(call with-uv,--require-hashes -r requirements/dev.txt)
	@$(call with-uv,--no-deps --no-build-isolation -e .)
	@touch $@

tests/node/node_modules/.stamp: tests/node/package-lock.json
	@echo "Liftwacht: installing the Node packages that only tests use"
	@cd tests/node && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@
