# The commands of this house. Each sets up by itself what it needs.
# Every wheel in the lock is there for Python 3.11 and 3.12; 3.13 needs a C compiler for one of them.
PYTHON3 ?= $(shell for python in python3 python3.12 python3.11 python3.13; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/requirements.stamp
SIZE ?= S
ONLY ?=

.DEFAULT_GOAL := help
.PHONY: help run web test attack test-random test-diffusers demo seed bench lock advisories format clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: $(STAMP) ## Run everything: servers, migrations, seed, processes (PORT=8000, FRESQUE_HOME=.fresque)
	@exec $(PYTHON) -I -S dev/tether.py 15 -1 -1 $$PPID $(PYTHON) -m dev.run

web: $(STAMP) ## Run the web client with reload, on the stack that `make run` runs
	@exec $(PYTHON) -m dev.attach python -m dev.web_server

test: $(STAMP) ## Run every check and every test, on servers of their own
	@exec $(PYTHON) -m dev.check

attack: $(STAMP) ## Attack a running stack as an outsider would (docs/threats.md): a part of `make test` by itself
	@exec $(PYTHON) -m pytest -n 2 --dist loadfile tests/attacks

test-random: $(STAMP) ## Run the property tests with examples that were never tried before
	@exec $(PYTHON) -m pytest -n 2 --dist loadfile -m hypothesis --hypothesis-profile random

# An environment of its own, since torch is gigabytes: in .venv-diffusers, out of pyproject.toml.
test-diffusers: $(STAMP) ## Test the engine for local models, with torch and a pipeline that the test makes
	@test -x .venv-diffusers/bin/python || $(PYTHON) -m venv .venv-diffusers
	@$(VENV)/bin/uv pip install --quiet --python .venv-diffusers/bin/python --requirement pyproject.toml --extra dev --extra diffusers
	@.venv-diffusers/bin/python -m pytest --override-ini filterwarnings=default tests/diffusion/local_pipeline.py

demo: $(STAMP) ## Play the main job against the stack that `make run` runs
	@exec $(PYTHON) -m dev.attach python -m dev.demo

seed: $(STAMP) ## Put the cast with its posts and pictures into the running stack, or into outside servers
	@exec $(PYTHON) -m dev.attach python -m dev.seed

bench: $(STAMP) ## Measure this beside other servers, and write docs/performance.md's tables (SIZE=S, M or L; ONLY=home,delivery)
	@exec $(PYTHON) -m bench --size $(SIZE) --only "$(ONLY)"

lock: $(STAMP) ## Resolve pyproject.toml into requirements.lock anew
	@$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra dev --output-file requirements.lock pyproject.toml

advisories: $(STAMP) ## Before a release: was what is locked compared with published advisories lately?
	@exec $(PYTHON) -m dev.advisories

format: $(STAMP) ## Put the code into shape
	@$(VENV)/bin/ruff check --quiet --fix . ; $(VENV)/bin/ruff format .

clean: ## Remove the environment, the data of `make run` and all caches
	@if test -x $(PYTHON); then $(PYTHON) -m dev.clean; elif test -e "$${FRESQUE_HOME:-.fresque}"; then \
		echo "$${FRESQUE_HOME:-.fresque} is left: removing it takes $(VENV), which is gone (\`make lock\` makes it again)."; exit 1; fi
	@rm -rf $(VENV) .venv-diffusers demo.webp .mypy_cache .ruff_cache .pytest_cache .hypothesis dev/graphiql/node_modules tests/clients/node_modules tests/clients/.venv \
		bench/peers/node_modules .fresque-bench-* web/node_modules web/dist web/persisted web/source/__generated__

# Only when the lock changed. A set-up that was broken off leaves no stamp and is done again.
$(STAMP): requirements.lock
	@test -n "$(PYTHON3)" && $(PYTHON3) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Fresque needs Python 3.11 or 3.12 (or 3.13 and a C compiler). Say which: make PYTHON3=python3.12 run"; exit 1; }
	@echo "Setting up $(VENV) from requirements.lock (once, and when it changes) ..."
	@test -f $@ || $(PYTHON3) -m venv --clear $(VENV)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@touch $(STAMP)
