# The commands of this house. Each sets up by itself what it needs.
PYTHON3 ?= python3
VENV := .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/requirements.stamp

.DEFAULT_GOAL := help
.PHONY: help run test demo seed lock format clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: $(STAMP) ## Run everything: servers, migrations, seed, processes (PORT=8000, FRESQUE_HOME=.fresque)
	@exec $(PYTHON) -I -S dev/tether.py 15 -1 -1 $$PPID $(PYTHON) -m dev.run

test: $(STAMP) ## Run every check and every test, on servers of their own
	@exec $(PYTHON) -m dev.check

demo: $(STAMP) ## Play the main job against the stack that `make run` runs
	@exec $(PYTHON) -m dev.attach python -m dev.demo

seed: $(STAMP) ## Put the cast with its posts and pictures into the running stack, or into outside servers
	@exec $(PYTHON) -m dev.attach python -m dev.seed

lock: $(STAMP) ## Resolve pyproject.toml into requirements.lock anew
	@$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra dev --output-file requirements.lock pyproject.toml

format: $(STAMP) ## Put the code into shape
	@$(VENV)/bin/ruff check --quiet --fix . ; $(VENV)/bin/ruff format .

clean: ## Remove the environment, the data of `make run` and all caches
	@if test -x $(PYTHON); then $(PYTHON) -m dev.clean; fi
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dev/graphiql/node_modules

# Only when the lock changed. A set-up that was broken off leaves no stamp and is done again.
$(STAMP): requirements.lock
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Fresque needs Python 3.11 or newer; $(PYTHON3) is older. Say which: make PYTHON3=python3.12 run"; exit 1; }
	@echo "Setting up $(VENV) from requirements.lock (once, and when it changes) ..."
	@test -x $(PYTHON) || $(PYTHON3) -m venv $(VENV)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@touch $(STAMP)
