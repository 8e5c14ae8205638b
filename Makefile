# Two commands: `make serve`, which takes HOST=… and PORT=…, and `make test`. Each makes the environment it needs first, in .venv.

PYTHON ?= python3
# Compiled Python is kept: the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin
WEB := $(shell find crmgraph/site/web -type f -not -path '*/node_modules/*' -not -path '*/__pycache__/*' 2>/dev/null)
# Only what is said to make itself: some shells keep a HOST of their own in the environment.
said = $(if $(filter command,$(origin $(1))),$(2) $($(1)))

.PHONY: serve test test-all lint bench clean lock

serve: $(VENV)/ready
	$(BIN)/crmgraph serve $(call said,HOST,--host) $(call said,PORT,--port)

# Two files of tests more at a time than there are processors, for many wait; more than four want much memory.
PROCESSES := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 2)
PYTEST := $(BIN)/python -m pytest --numprocesses $(PROCESSES) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test: lint
	$(PYTEST)

# Adds the drills: long, or with other programs. Run by hand before a release.
test-all: lint
	$(PYTEST) -m "drill or not drill"

lint: $(VENV)/ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/ready
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.service

# The environment: everything pinned, with hashes; then crmgraph itself, whose build makes the web assets.
$(VENV)/ready: requirements.lock pyproject.toml $(WEB)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "crmgraph needs Python 3.11 or newer; name one with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) lacks the venv module (on Debian: apt install python3-venv)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

# Renew the pins. Needs uv (pip install uv).
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade \
	  --group test --group build pyproject.toml --output-file requirements.lock

clean:
	rm -rf $(VENV) build dist crmgraph/site/static
