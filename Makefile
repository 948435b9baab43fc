# Everything a newcomer needs: `make demo` and `make test`. Neither needs root, nor a container.

PYTHON ?= python3
VENV := .venv/bin
WORKERS ?= 2
# Mails are looked at in a real browser. Where there is none, those tests are left out and it is
# said so; where CHROMIUM is given, as .ci/run does, they run whatever happens, and fail without it.
CHROMIUM ?= $(firstword $(wildcard /usr/bin/chromium /usr/bin/chromium-browser))
BROWSER := $(if $(CHROMIUM),,-m "not browser")
export CHROMIUM

.PHONY: help setup demo test check format messages lock clean

help:
	@echo "make demo   install what is needed and show the platform at work"
	@echo "make test   install what is needed and pass every test"
	@echo "make check  style, types, import contract"

setup:
	@$(PYTHON) -m sandbox.bootstrap dev synapse

demo: setup
	@$(VENV)/python -m sandbox.demo

test: setup
	@$(if $(CHROMIUM),,echo "No Chromium here: the tests that look at mails in a browser are left out.")
	@$(VENV)/python -m pytest -n $(WORKERS) --dist loadgroup $(BROWSER) $(ARGS)

check: setup
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/mypy
	@$(VENV)/lint-imports

format: setup
	@$(VENV)/ruff check --fix .
	@$(VENV)/ruff format .

# The maintainers' tools: the catalogues of the other languages, and the locks.
messages: setup
	@$(VENV)/python -m sandbox.messages

lock:
	@uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --custom-compile-command "make lock" --extra dev pyproject.toml -o requirements/dev.txt
	@uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --custom-compile-command "make lock" pyproject.toml -o requirements/run.txt
	@uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --custom-compile-command "make lock" requirements/synapse.in -o requirements/synapse.txt

clean:
	rm -rf .venv .venv-synapse .cache .mypy_cache .ruff_cache .pytest_cache
