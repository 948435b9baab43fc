# Everything a newcomer needs: `make demo` and `make test`. Neither needs root, nor a container.

PYTHON ?= python3
VENV := .venv/bin
WORKERS ?= 2
# Left out of `make test`: what needs programs of the system. `make test MARKS=` runs everything.
MARKS ?= not debian and not browser

.PHONY: help setup demo test check format messages lock clean

help:
	@echo "make demo   install what is needed and show the platform at work"
	@echo "make test   install what is needed and pass every test that needs no program of the system"
	@echo "make check  style, types, import contract"

setup:
	@$(PYTHON) -m sandbox.bootstrap dev synapse

demo: setup
	@$(VENV)/python -m sandbox.demo

test: setup
	@echo "Tests: $(if $(MARKS),$(MARKS) (make test MARKS= for all; see CONTRIBUTING.md),all)"
	@$(VENV)/python -m pytest -n $(WORKERS) --dist loadgroup -m "$(MARKS)" $(ARGS)

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
