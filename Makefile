# Every target makes the virtual environment it needs on first use, and again when pyproject.toml has changed.
# Needed: python3 (3.11 or later), make, and a package index for pip.

PYTHON ?= python3
VENVS := .venvs
ARGUMENTS ?=
ONLY ?=

# `make test-all` looks for these on PATH and, where pyenv keeps them, under ~/.pyenv/versions.
VERSIONS ?= 3.11 3.12 3.13 3.14

# Tests run in parallel; other interpreters leave out the example and the public purchase logs, which `make test` reads.
PARALLEL := -q -n auto --dist loadgroup
LEAN := $(PARALLEL) -p no:cacheprovider --ignore tests/examples --ignore tests/cases/data

.DEFAULT_GOAL := help
.PHONY: help demo golden-record sales-desk service-desk voice-of-customer program-lab service test test-fast test-all test-lowest test-wheel lint format types docs bench clean
.DELETE_ON_ERROR:
.PRECIOUS: $(VENVS)/wheel-%/ready

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

comma := ,
# What the library itself can be extended by.
EXTRAS := contacts$(comma)matching$(comma)sqlalchemy$(comma)testing

# One environment per purpose: .venvs/NAME/ready stands when it is complete. $(1) is the interpreter, $(2) what to install.
define environment
	@echo "making the virtual environment $(@D)"
	@$(1) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "relex needs Python 3.11 or later")'
	@$(1) -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check $(2)
	@touch $@
endef

# Other versions are tested as users get them: the built wheel, and none of the tree's own sources.
define wheel_tests
	@rm -rf build/wheel/$(@F) && mkdir -p build/wheel/$(@F)
	@$(1)/bin/python -m pip wheel -qq --disable-pip-version-check --no-deps --wheel-dir build/wheel/$(@F) .
	@$(1)/bin/python -m pip install -qq --disable-pip-version-check --no-deps --force-reinstall build/wheel/$(@F)/*.whl
	@$(1)/bin/python -c 'import pathlib, relex, sys; sys.exit(pathlib.Path(relex.__file__).is_relative_to(pathlib.Path("src").resolve()) and "the tests would not see the wheel")'
	$(1)/bin/python -m pytest $(LEAN) $(ARGUMENTS)
endef

$(VENVS)/test/ready: pyproject.toml
	$(call environment,$(PYTHON),--editable .[$(EXTRAS)$(comma)demo$(comma)service] --group test --group data --group databases --group service)

$(VENVS)/lint/ready: pyproject.toml
	$(call environment,$(PYTHON),--editable . --group lint)

$(VENVS)/types/ready: pyproject.toml
	$(call environment,$(PYTHON),--editable .[$(EXTRAS)] --group types)

$(VENVS)/docs/ready: pyproject.toml
	$(call environment,$(PYTHON),--editable .[$(EXTRAS)] --group docs)

$(VENVS)/bench/ready: pyproject.toml
	$(call environment,$(PYTHON),--editable .[matching$(comma)sqlalchemy] --group bench)

$(VENVS)/demo/ready: pyproject.toml
	$(call environment,$(PYTHON),--editable .[demo])

$(VENVS)/service/ready: pyproject.toml
	$(call environment,$(PYTHON),--editable .[service])

$(VENVS)/wheel/ready: pyproject.toml
	$(call environment,$(PYTHON),.[$(EXTRAS)] --group test --group databases)

$(VENVS)/wheel-%/ready: pyproject.toml
	$(call environment,$$(sh .ci/interpreter $*),.[$(EXTRAS)] --group test --group databases)

$(VENVS)/lowest/ready: pyproject.toml .ci/lowest.py
	@mkdir -p build && $(PYTHON) .ci/lowest.py > build/lowest.txt
	$(call environment,$(PYTHON),.[$(EXTRAS)] --group test --group databases --constraint build/lowest.txt)

golden-record: $(VENVS)/demo/ready  ## Match, review, merge and part three dirty sources, and write the page
	@PYTHONPATH=docs/examples $(VENVS)/demo/bin/python -m golden_record $(ARGUMENTS)

sales-desk: $(VENVS)/demo/ready  ## Read the export of a pipeline, tell forecast, movements and commissions, and write the page
	@PYTHONPATH=docs/examples $(VENVS)/demo/bin/python -m sales_desk $(ARGUMENTS)

service-desk: $(VENVS)/demo/ready  ## Read the log of a service desk, tell promises, backlog, queue and escalations, and write the page
	@PYTHONPATH=docs/examples $(VENVS)/demo/bin/python -m service_desk $(ARGUMENTS)

voice-of-customer: $(VENVS)/demo/ready  ## Follow a year of feedback from invitations to follow-ups and money, and write the page
	@PYTHONPATH=docs/examples $(VENVS)/demo/bin/python -m voice_of_customer $(ARGUMENTS)

program-lab: $(VENVS)/demo/ready  ## Play a year of real purchases under three program designs, and write the page (ARGUMENTS="--households 50")
	@PYTHONPATH=docs/examples $(VENVS)/demo/bin/python -m program_lab $(ARGUMENTS)

demo: $(VENVS)/demo/ready  ## Run the grocery program over a year of real purchases (ARGUMENTS="--households 50")
	$(VENVS)/demo/bin/python docs/examples/grocery.py $(ARGUMENTS)

service: $(VENVS)/service/ready  ## Run the example service (DATABASE_URL=postgresql+asyncpg://user:password@host/name)
	@mkdir -p build
	@DATABASE_URL=$${DATABASE_URL:-sqlite+aiosqlite:///build/service.db} PYTHONPATH=docs/examples $(VENVS)/service/bin/python -m fastapi_service

test: $(VENVS)/test/ready  ## Run all tests and every example of the docs, with branch coverage
	$(VENVS)/test/bin/python -m pytest $(PARALLEL) --cov --cov-report=term-missing:skip-covered $(ARGUMENTS)

test-fast: $(VENVS)/test/ready  ## Run all tests without measuring coverage
	$(VENVS)/test/bin/python -m pytest $(PARALLEL) $(ARGUMENTS)

test-wheel: $(VENVS)/wheel/ready  ## Build the wheel and run all tests against it
	$(call wheel_tests,$(VENVS)/wheel)

test-all:  ## Run all tests against the wheel on every Python from 3.11 to 3.14 that is found
	@for version in $(VERSIONS); do \
	  if sh .ci/interpreter $$version > /dev/null; then $(MAKE) --no-print-directory test-wheel-$$version || exit 1; \
	  else echo "Python $$version is not on this machine: not tested"; fi; \
	done

test-wheel-%: $(VENVS)/wheel-%/ready
	@$(VENVS)/wheel-$*/bin/python --version
	$(call wheel_tests,$(VENVS)/wheel-$*)

test-lowest: $(VENVS)/lowest/ready  ## Run all tests against the wheel with the lowest versions of the dependencies that are declared
	@$(VENVS)/lowest/bin/python -m pip freeze --quiet | grep -iE '^(attrs|python-dateutil|sqlalchemy)=='
	$(call wheel_tests,$(VENVS)/lowest)

lint: $(VENVS)/lint/ready  ## Check style, spelling and the layers of the architecture
	$(VENVS)/lint/bin/ruff check
	$(VENVS)/lint/bin/ruff format --check
	$(VENVS)/lint/bin/codespell
	$(VENVS)/lint/bin/lint-imports --no-logo --no-cache
	$(VENVS)/lint/bin/lint-imports --no-logo --no-cache --config .ci/cycles.toml

format: $(VENVS)/lint/ready  ## Format the code, and repair what can be repaired
	$(VENVS)/lint/bin/ruff check --fix
	$(VENVS)/lint/bin/ruff format

types: $(VENVS)/types/ready  ## Check the types with mypy and pyright, those that a user sees included
	$(VENVS)/types/bin/mypy
	$(VENVS)/types/bin/pyright --pythonpath $(VENVS)/types/bin/python

docs: $(VENVS)/docs/ready  ## Build the documentation into build/docs (ARGUMENTS="-t sources" for pages of source too)
	$(VENVS)/docs/bin/python -m sphinx -E -n -W --keep-going -q $(ARGUMENTS) -b html docs build/docs
	@echo "build/docs/index.html"

bench: $(VENVS)/bench/ready  ## Measure speed beside the peers (ONLY=money for one file)
	$(VENVS)/bench/bin/python tests/benchmarks $(if $(ONLY),--only $(ONLY)) $(ARGUMENTS)

clean:  ## Remove everything that was built, the virtual environments too
	rm -rf $(VENVS) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*
