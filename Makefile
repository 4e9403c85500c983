# Needs Python 3.11 or newer and make; all else is installed into .venv from the package registry.

PYTHON ?= python3
VENV := .venv
BASE ?= origin/main
SEED ?= 1
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo rules test test-fast test-long fuzz mutants mutants-changed conformance helpdesk test-browser cel-spec coverage bench bench-store lint format docs data lock build clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/ready ## run the rules on sample data
	@$(BIN)/telecom-rules demo

helpdesk: $(VENV)/ready-dev ## start django-helpdesk with the rules for complaints embedded
	$(BIN)/python examples/helpdesk/manage.py sample
	$(BIN)/python examples/helpdesk/manage.py runserver

rules: $(VENV)/ready ## validate the rules that ship and the example of a house, run their scenarios
	$(BIN)/telecom-rules validate rules
	$(BIN)/telecom-rules test rules --fail-under 100
	$(BIN)/telecom-rules coverage rules --check
	$(BIN)/telecom-rules validate examples/house --release
	$(BIN)/telecom-rules test examples/house --fail-under 100
	$(BIN)/telecom-rules test examples/house --base

test: $(VENV)/ready-dev ## run the tests
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

test-fast: $(VENV)/ready-dev ## run the tests that are quick, in less than a minute
	$(BIN)/python -m pytest -m 'not slow' --numprocesses auto --dist worksteal

test-long: $(VENV)/ready-dev ## run the tests with many more generated examples
	$(BIN)/python -m pytest --hypothesis-profile=long --numprocesses auto --dist worksteal
	$(BIN)/python -m tests.fuzz --seconds 30
	$(BIN)/python -m tests.validation.slips --count 1000

test-browser: $(VENV)/ready-dev ## drive a real browser through the examples (needs chromium)
	$(BIN)/python -m pytest tests/browser/*.py -n0

fuzz: $(VENV)/ready-dev ## put hostile input to every harness, ten minutes each
	$(BIN)/python -m tests.fuzz --seconds 600 --seed $(SEED)

mutants: $(VENV)/ready-dev ## put 600 small mistakes in the hot rooms to their tests (an hour)
	$(BIN)/python -m tests.mutation --sample 600 --seed 1

mutants-changed: $(VENV)/ready-dev ## put 20 small mistakes in files changed since BASE to their tests
	$(BIN)/python -m tests.mutation --sample 20 --seed 1 --changed $(BASE) --fail-under 70

conformance: $(VENV)/ready-dev ## put the public cases of CEL through parser, checker and evaluators
	@$(BIN)/python -m tests.expressions.cel_suite

cel-spec: $(VENV)/ready-dev ## write the public cases of CEL again (needs npm and node)
	$(BIN)/python tests/expressions/cel_spec/vendor.py

coverage: $(VENV)/ready-dev ## run the tests, list the lines they miss, fail below the floor
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest --numprocesses auto --dist worksteal
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

bench: $(VENV)/ready-bench ## measure events and decisions, against code by hand and other libraries
	$(BIN)/python benchmarks/workflow.py
	$(BIN)/python benchmarks/policy.py
	$(BIN)/python benchmarks/validate.py
	$(BIN)/python benchmarks/django_save.py

bench-store: $(VENV)/ready-dev ## measure requests through the store, and a load of 200 000 events
	$(BIN)/python benchmarks/store.py --load

lint: $(VENV)/ready-dev ## check style, types, the layers and the style of the rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/telecom-rules fmt --check rules/ examples/house/

format: $(VENV)/ready-dev ## put the code and the rules into the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/telecom-rules fmt rules/ examples/house/

data: $(VENV)/ready ## make the sample data of examples/data again
	$(BIN)/python examples/make_data.py

docs: $(VENV)/ready-dev ## write the page of codes and the outputs of all examples again
	$(BIN)/python docs/generate.py

lock: $(VENV)/ready-dev ## choose the releases of the development set anew, with their hashes
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --upgrade --no-header --quiet --output-file requirements/dev.txt

build: $(VENV)/ready-dev ## build the sdist and the wheel into dist/
	$(BIN)/python -m build --no-isolation

clean: ## remove everything that make has made
	rm -rf $(VENV) build dist htmlcov .coverage .hypothesis
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps make one installation serve every target until pyproject.toml changes.
$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not it;" \
	    "name one: make PYTHON=python3.12 ..." >&2; \
	  exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/ready: $(VENV)/made pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

# Everything comes from the lock file, and only what has the hashes in it. The package itself cannot
# have a hash, so it is installed apart, built by what the lock file has installed.
$(VENV)/ready-dev: $(VENV)/made pyproject.toml requirements/dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/ready

$(VENV)/ready-bench: $(VENV)/made pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@ $(VENV)/ready
