# Everything a newcomer or a build machine types. `make` alone lists it.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
PYTEST_ARGS ?=
FOLDERS ?=
CRASH_ARGS ?=
BENCH_ARGS ?=

BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
SOURCES := config tasks workflows notifications tests
TEMPLATES := config tasks workflows notifications

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test e2e check bench-deadlines bench-import bench-reports crash fmt clean machine runtime development

help: ## List the targets
	@sed -n 's/^\([a-z][a-z0-9-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) \
		| awk -F '|' '{ printf "%-24s%s\n", $$1, $$2 }'
	@echo "  PYTHON=python3.12 chooses the interpreter, PORT=8001 the demo's port."

demo: runtime ## Install, load the example, and serve it until Ctrl-C
	@exec $(MANAGE) demo --port $(PORT)

demo-reset: runtime ## The same, after removing the data of earlier runs
	@exec $(MANAGE) demo --port $(PORT) --reset

test: development ## Run the quick tests on SQLite
	@$(MANAGE) compile_catalogues
	$(BIN)/pytest $(PYTEST_ARGS)

e2e: development ## Drive the pages in Chromium
	@$(MANAGE) compile_catalogues
	$(BIN)/pytest -n 0 -m browser $(PYTEST_ARGS)

check: development ## Lint, types, contracts, templates, migrations, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(SOURCES)
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet $(TEMPLATES)
	$(MANAGE) check_templates
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check_catalogues

crash: development ## Kill the reminders everywhere on both databases; about ten minutes
	@$(BIN)/python -m tests.crash $(CRASH_ARGS)

bench-deadlines: development ## Measure planning, firing and mailing: BENCH_ARGS="--size small"
	@$(MANAGE) compile_catalogues
	@$(BIN)/python -m tests.bench.deadlines $(BENCH_ARGS)

bench-import: development ## Compare readings with what people read: FOLDERS="a b"
	@$(BIN)/python -m tests.bench.reading $(FOLDERS)

bench-reports: development ## Measure a consolidated report and check its totals: BENCH_ARGS="--items 2000"
	@$(MANAGE) compile_catalogues
	@$(BIN)/python -m tests.bench.reports $(BENCH_ARGS)

fmt: development ## Put the source into its usual form
	$(BIN)/ruff check --fix --select I .
	$(BIN)/ruff format .

clean: ## Remove the environment and caches; data under var/ stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete

machine:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "There is no $(PYTHON) here: install Python 3.11 or newer, or name one: make demo PYTHON=..." >&2; exit 1; }
	@$(PYTHON) config/demo/preflight.py

runtime: machine
	@$(PYTHON) config/demo/install.py $(VENV) requirements.txt

development: machine
	@$(PYTHON) config/demo/install.py $(VENV) requirements-dev.txt
