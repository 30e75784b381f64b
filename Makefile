# 督查台: every chore of a developer, one word each. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash

VENV   := .venv
PYTHON := $(VENV)/bin/python
SETUP  := $(VENV)/.setup
WEB    := $(shell find web -type f -not -path '*/node_modules/*' 2>/dev/null)
CODE   := engine supervision forms scheduler command bench tests
DEBIAN := chromium fonts-noto-cjk
# Compiled files are shared by the workers of the suite and by the hundred programs it starts; without
# them each compiles everything anew, even where the environment asks for none.
unexport PYTHONDONTWRITEBYTECODE

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(SETUP) ## open the demo district on http://127.0.0.1:8000
	@$(VENV)/bin/ducha demo --once
	@$(VENV)/bin/ducha serve

test: $(SETUP) browser postgres lint ## format, lint, types and the whole suite
	@$(VENV)/bin/pytest -q -n 3 --dist loadfile --no-loadscope-reorder -m "not campaign"

campaign: $(SETUP) ## the long form of the campaigns (kills, random diagrams)
	@$(VENV)/bin/pytest -q -m campaign

mutation: $(SETUP) ## leave out each bound node, guard and required answer: something must turn red
	@$(PYTHON) -m tests.mutation

lint: $(SETUP) ## format, lint and types only
	@$(VENV)/bin/ruff format --check $(CODE)
	@$(VENV)/bin/ruff check $(CODE)
	@$(VENV)/bin/mypy

bench: $(SETUP) ## what steps, memory, pages and timers cost, one JSON object each
	@$(PYTHON) bench/step.py
	@$(PYTHON) bench/memory.py
	@$(PYTHON) bench/startup.py
	@$(PYTHON) bench/http.py
	@$(PYTHON) bench/inbox.py
	@$(PYTHON) bench/timers.py
	@$(PYTHON) bench/fanout.py
	@$(PYTHON) bench/publish.py
	@$(PYTHON) bench/cycle.py

format: $(SETUP) ## rewrite the code in the house's format
	@$(VENV)/bin/ruff format $(CODE)
	@$(VENV)/bin/ruff check --fix-only -q $(CODE)

lock: $(SETUP) ## choose dependency versions anew (hashed, without any index address)
	@$(VENV)/bin/pip install -q uv
	@$(VENV)/bin/uv pip compile pyproject.toml --extra dev --generate-hashes --no-header -q -o requirements.lock

setup: $(SETUP) ## the virtual environment with everything locked, and the page bundle

browser: ## Chromium and a Chinese font for the browser tests (Debian, as root)
	@if command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $(DEBIAN); \
	else echo "没有 chromium，且无权安装：浏览器测试将跳过（请安装 $(DEBIAN)）"; fi

postgres: ## the PostgreSQL server for the tests (Debian, as root)
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends postgresql; \
	else echo "没有 PostgreSQL，且无权安装：有关测试将跳过（请安装 postgresql）"; fi

# The two stamps below are repeated only when their inputs changed.
$(VENV)/.locked: requirements.lock
	@test -x $(PYTHON) || python3 -m venv $(VENV) || { rm -rf $(VENV); \
		[ "$$(id -u)" = 0 ] && apt-get update -q && apt-get install -qy python3-venv && python3 -m venv $(VENV); }
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(SETUP): $(VENV)/.locked pyproject.toml hatch_build.py $(WEB)
	@$(VENV)/bin/pip install -q --disable-pip-version-check --no-deps -e .
	@$(PYTHON) -m compileall -q engine supervision forms scheduler command
	@touch $@

clean: ## remove what was built; your data in var/ stays
	@rm -rf $(VENV) build dist forms/static/dist .pytest_cache .mypy_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help run test campaign lint bench format lock setup browser postgres clean
