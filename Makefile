# make setup, then make run or make test; both set up by themselves when needed.
# Another Python: make setup PYTHON=/path/to/python3.12      Overrides for the main job: make run ARGS='system=dorset futures=200'

.DEFAULT_GOAL := help
.PHONY: setup run app test figures bench docs help

VENV := .venv
PY := $(VENV)/bin/python
# Written last, with the folder's name: a half-made .venv, or one moved here from elsewhere, is thrown away and made anew.
INSTALLED := $(VENV)/.installed
READY := $(VENV)/.ok
PYTHONS := $(or $(PYTHON),python3 python3.13 python3.12 python3.11)

SOUND := $(shell $(PY) -c '' 2>/dev/null && test "$$(cat $(INSTALLED) 2>/dev/null)" = "$$(pwd -P)" && echo yes)
ifneq ($(SOUND),yes)
.PHONY: $(INSTALLED)
endif

setup: $(READY) ## Make .venv, install everything into it, compile the rules once

run: $(READY) ## The main job: joint committee against statutory body (ARGS='key=value ...')
	$(PY) experiments/regimes.py $(ARGS)

app: $(READY) ## The teaching page, at http://127.0.0.1:8765 (PORT=8766 for another port)
	@$(PY) -m sim.app $(if $(PORT),--port '$(PORT)') $(ARGS)

test: $(READY) ## Style, layout, types, direction of imports, then all tests
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) -m pytest -n 2 --dist worksteal

figures: $(READY) ## Every figure of the paper, compared with results/paper (ONLY=pressure for one)
	$(PY) experiments/paper.py $(if $(ONLY),'only=[$(ONLY)]') $(ARGS)

bench: $(READY) ## The benchmark; prints ratios
	$(PY) -m sim.bench $(ARGS)

docs: $(INSTALLED) ## Write the generated tables of docs/ anew
	$(PY) -m sim.documents

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

$(READY): $(INSTALLED)
	@$(PY) -m sim.warm
	@touch $@

# sys._base_executable: with a .venv activated, python3 is the very one that is about to be thrown away.
$(INSTALLED): pyproject.toml constraints.txt
	@set -e; \
	if [ "$(SOUND)" != yes ]; then \
		for name in $(PYTHONS); do \
			base=$$("$$name" -c 'import sys, venv, ensurepip; print(sys._base_executable if sys.version_info >= (3, 11) else "")' 2>/dev/null) || base=; \
			[ -z "$$base" ] || break; \
		done; \
		if [ -z "$$base" ]; then \
			echo 'No Python 3.11 or newer with its venv module was found (tried: $(PYTHONS)). Install one, or name it: make setup PYTHON=/path/to/python' >&2; \
			exit 1; \
		fi; \
		echo "Making $(VENV) with $$("$$base" --version)"; \
		rm -rf $(VENV); \
		"$$base" -m venv $(VENV); \
	fi; \
	rm -f $(INSTALLED) $(READY); \
	$(PY) -m pip install -q --disable-pip-version-check uv; \
	UV_PYTHON_DOWNLOADS=never $(VENV)/bin/uv pip install -q --compile-bytecode --python $(PY) -c constraints.txt -e '.[test,cluster]'; \
	pwd -P > $(INSTALLED)
