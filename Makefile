# Two commands on a fresh machine with Python 3.11+ and make: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
NODE_TOOLS := tests/audit/node/node_modules/.package-lock.json
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run serve test check audit faults lint types bench lock picture clean

run: .venv/runs                 ## the main job once, on sample data: data/demo/
	$(BIN)/newsletter demo

serve: .venv/runs               ## the site with the demo's data
	@test -d data/demo || $(BIN)/newsletter demo
	$(BIN)/newsletter demo --serve

test: .venv/tests               ## all tests, on SQLite and on a real PostgreSQL
	$(BIN)/python -m pytest -q -n logical --dist worksteal

check: lint types test          ## what has to be green before a commit

lint: .venv/tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/tests
	$(BIN)/mypy

audit: .venv/tests $(NODE_TOOLS)  ## other people's tools over fresh issues; needs node, chromium, spamassassin
	$(BIN)/python -m tests.audit

faults: .venv/tests            ## kill -9 at every step of a delivery, judged by the provider; TRIALS=5000 for all
	$(BIN)/python -m tests.faults --trials $(or $(TRIALS),600)

bench: .venv/tests              ## figures of this machine, as ratios
	$(BIN)/python -m benchmarks

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv .venv

.venv/runs: .venv/bin/python requirements.lock pyproject.toml
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/tests: .venv/runs requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(NODE_TOOLS): tests/audit/node/package-lock.json
	@command -v npm >/dev/null || { echo "make audit needs Node 20 or newer with npm" >&2; exit 1; }
	cd tests/audit/node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

lock:                           ## renew both locks; needs uv
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade --extra build -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade --extra build --extra dev -c requirements.lock -o requirements-dev.lock

picture: .venv/tests            ## the pictures in the documents, of the demo's letter and of its editors' pages; needs chromium
	$(BIN)/newsletter demo >/dev/null
	$(BIN)/python -m tests.journeys.picture data/demo/letter.html docs/letter.png
	$(BIN)/python -m tests.journeys.editor_pictures data/demo docs

clean:
	rm -rf .venv data build dist tests/audit/node/node_modules
