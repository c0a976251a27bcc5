# One command each; `make test` is what CI runs. The first run sets up .venv, later runs find it ready.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help serve test test-processes test-slow test-callers test-all check lint format bench openapi requirements clean

help: ## say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 16

serve: .venv/.runtime ## start the service (PORT and HOST override)
	@HOST=$(HOST) PORT=$(PORT) $(BIN)/deelwijzer serve

test: lint check ## format, lint, types, imports, policies, tests: CI runs it, and test-processes
	$(BIN)/pytest -q -n 2 --cov --cov-report= --cov-fail-under=0 -m "not slow" tests/properties
	$(BIN)/pytest -q -n 2 -m "not processes and not callers" --ignore=tests/properties --cov --cov-append --cov-report=term-missing:skip-covered

test-processes: .venv/.dev ## services as they really run: killed, reloaded, several at once, on full disks
	$(BIN)/pytest -q -m "processes and alone" --ignore=tests/properties
	$(BIN)/pytest -q -n 2 -m "processes and not alone" --ignore=tests/properties

test-slow: .venv/.dev ## sweeps of tens of seconds: broken laws against their proofs, laws against each other
	$(BIN)/pytest -q -n 2 -m slow tests/properties

test-callers: .venv/.dev ## lint the API's description and generate clients from it, with tools installed apart (needs Node)
	$(BIN)/pytest -q -m callers tests/callers

test-all: lint check ## the same with far more examples per law; takes long
	$(BIN)/pytest -q -m alone
	HYPOTHESIS_PROFILE=all $(BIN)/pytest -q -n 2 -m "not alone" --cov --cov-report=term-missing:skip-covered

lint: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: .venv/.dev ## check policies and facts, decide every scenario with both engines, prove the red lines
	$(BIN)/python -m app.cli check
	$(BIN)/python -m app.cli bewijs

format: .venv/.dev ## rewrite the code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.dev ## measure speed, memory and start-up
	$(BIN)/python -m bench

openapi: .venv/.runtime ## write openapi.json anew: the service's description, as it is served
	$(BIN)/python -m app.cli openapi > openapi.json

requirements: .venv/.dev ## pin the dependencies of pyproject.toml anew, with hashes and without addresses
	$(BIN)/pip-compile $(COMPILE) --output-file=requirements.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --allow-unsafe --build-deps-for=editable --only-build-deps \
		--output-file=requirements-build.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra=dev --extra=otel --extra=analyse --extra=peers --allow-unsafe --output-file=requirements-dev.txt pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --allow-unsafe --output-file=tests/callers/requirements.txt tests/callers/requirements.in

COMPILE := --quiet --upgrade --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host --no-emit-options --no-header

clean: ## throw away everything that was made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .cache .coverage

.venv/bin/python:
	$(PYTHON) -m venv .venv

# With the project itself, so that .venv/bin/deelwijzer is there; what builds it is pinned too, and nothing else is fetched.
.venv/.runtime: requirements.txt requirements-build.txt pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r requirements.txt -r requirements-build.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/.runtime
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@
