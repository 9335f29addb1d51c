# IOCOP's commands. `make` lists them.
# Each needs only Python 3.11 or newer; what else it needs it installs into .venv from a lock with hashes.

.DEFAULT_GOAL := help
CHECKS := check-types check-pages check-templates check-style check-layers check-spelling
.PHONY: help run demo test check coverage bench bench-search bench-rings bench-elections screenshots booth theory environment tools lock $(CHECKS)

# Many tests begin processes that load the whole site: compiled once, it loads in half the time.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
UV := $(or $(shell command -v uv),$(BIN)/uv)
CORES := $(shell getconf _NPROCESSORS_ONLN)
# Two processes more than there are cores: a third of a test's time it waits for servers, browsers and disks.
PROCESSES := $(shell echo $$(($(CORES) + 2)))
ABREAST := --numprocesses $(PROCESSES) --maxprocesses 4 --dist loadscope --no-loadscope-reorder
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: ## start the site; the first start installs it and fills an empty data folder with the demo (ARGS="...")
	@deploy/install.sh requirements.lock
	@IOCOP_DEMO=$${IOCOP_DEMO-1} exec $(BIN)/iocop run $(ARGS)

demo: ## fill an empty data folder with the demo community
	@deploy/install.sh requirements.lock
	@IOCOP_DEMO=$${IOCOP_DEMO-1} exec $(BIN)/iocop demo $(ARGS)

test: tools ## install what the tests need, then run the checks and every test
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest $(ABREAST)

check: environment ## style, types, templates, import contracts, spelling, the HTML of every page
	@$(MAKE) --no-print-directory --jobs=$(CORES) --output-sync=target $(CHECKS)

check-types:
	$(BIN)/mypy

check-pages:
	$(BIN)/python -m tests.browser.rendered

check-templates:
	$(BIN)/djlint --lint --quiet templates

check-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check-layers:
	$(BIN)/lint-imports --no-logo

check-spelling:
	$(BIN)/codespell

coverage: tools ## every test with branch coverage; policies and services must reach 100 %
	$(BIN)/python -m pytest $(ABREAST) --cov --cov-report=
	$(BIN)/coverage report --skip-covered --show-missing
	$(BIN)/coverage report --include='*/policy.py,*/services.py,*/services/*.py' --fail-under=100

bench: environment ## build the large data set, measure the pages, write the table
	$(BIN)/python -m tests.bench --write $(ARGS)

bench-search: tools ## how well and how quickly search finds, beside plain Whoosh and SQLite's FTS5
	$(BIN)/python -m tests.bench.search --write $(ARGS)

bench-rings: environment ## what people who endorse one another in a circle get from it, and whether they are noticed
	$(BIN)/python -m tests.bench.rings --write $(ARGS)

bench-elections: environment ## count large elections, seal and verify many ballots, write the table
	$(BIN)/python -m tests.bench.elections --write $(ARGS)
	$(BIN)/python -m tests.bench.casting --write
	IOCOP_LOAD_VOTERS=2000 $(BIN)/python -m pytest -q tests/elections/test_under_load.py

screenshots: tools ## photograph the site's pages, light and dark, wide and narrow
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

booth: tools ## build the voting booth and the officers' script from static/booth/src
	$(BIN)/python -m tests.elections.booth.build

theory: environment ## list which rows of docs/theory.md a test shows, and which are open
	$(BIN)/python -m pytest --theory

environment: ## install the site and its checking tools into .venv
	@deploy/install.sh requirements-dev.lock

tools: ## install what the tests need besides: Chromium, PostgreSQL, Redis, the page checkers
	@tests/install.sh

lock: ## pin the dependencies of pyproject.toml anew (needs uv)
	$(COMPILE) --extra postgresql --extra redis --output-file requirements.lock pyproject.toml deploy/build.in
	$(COMPILE) --all-extras --constraints requirements.lock --output-file requirements-dev.lock pyproject.toml deploy/build.in
