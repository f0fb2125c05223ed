# Two commands for users: `make crawl` and `make test`. Each does all its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REPLAY := .replay

.DEFAULT_GOAL := help
.PHONY: help crawl test check bench train replay-env lock clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

crawl: $(VENV)/.installed ## set up, then crawl URL=https://... (or ARGS="..."); with neither, the bundled demo newspaper
	@$(BIN)/morgue $(if $(URL)$(ARGS),crawl $(URL) $(ARGS),demo)

test: $(VENV)/.installed-dev ## set up, then run all tests
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

check: $(VENV)/.installed-dev ## lint, types, import contracts, generated docs
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python docs/generate.py --check

bench: $(VENV)/.installed-dev ## measure; docs/benchmarks.md says what
	@$(BIN)/python -m bench $(ARGS)

train: $(VENV)/.installed-dev ## train the judges anew from the saved pages; docs/reader.md says how
	@$(BIN)/python -m train $(ARGS)

replay-env: $(REPLAY)/.installed ## set up pywb and wacz beside morgue; with them the tests replay what is exported

# Locks carry hashes and no index address (docs/decisions).
COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header
lock: $(VENV)/.uv ## resolve the dependencies anew
	@$(COMPILE) requirements-build.in -o requirements-build.lock
	@$(COMPILE) pyproject.toml -o requirements.lock
	@$(COMPILE) pyproject.toml --extra dev --extra bench --extra train -c requirements.lock -o requirements-dev.lock
	@$(COMPILE) --python-version 3.11 requirements-replay.in -o requirements-replay.lock

clean: ## remove what was set up
	rm -rf $(VENV) $(REPLAY)

# uv installs seven times as fast as pip; where it does not run, pip does the same from the same lock.
INSTALL = ($(BIN)/uv pip install --quiet --python $(BIN)/python $(1) || $(BIN)/python -m pip install --quiet $(1))

$(VENV)/.uv: requirements-build.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "morgue needs Python 3.11 or later: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV) (once, about half a minute)" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.lock
	@touch $@

$(VENV)/.installed: requirements.lock pyproject.toml $(VENV)/.uv
	@$(call INSTALL,--require-hashes -r requirements.lock)
	@$(call INSTALL,--no-deps --no-build-isolation -e .)
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@$(call INSTALL,--require-hashes -r requirements-dev.lock)
	@touch $@

$(REPLAY)/.installed: requirements-replay.lock $(VENV)/.uv
	@$(PYTHON) -m venv $(REPLAY)
	@$(BIN)/uv pip install --quiet --python $(REPLAY)/bin/python --require-hashes -r $< || $(REPLAY)/bin/python -m pip install --quiet --require-hashes -r $<
	@touch $@
