# Three commands matter, and CI runs them in this order: `make refresh` runs the whole flow, `make test` the
# checks and everyday tests, `make thorough` the slow proofs that `make test` leaves out.
PYTHON ?= python3
SURVEY ?= ibo
EDITION ?= internal
PORT ?= 8088
UV_VERSION := 0.13.9
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
BIN := .venv/bin
SUPERSET := bi/superset/.venv
MODELS := $(shell find models tests/dbt/singular -name '*.sql')
EXPECTATIONS := $(shell find expectations -name '*.sql')
SQLFLUFF := $(BIN)/sqlfluff lint --processes 0 --disable-progress-bar

export UV_PYTHON_DOWNLOADS := never
# Behind a proxy with a certificate of its own, the system's certificates are the right ones.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt),)
export UV_SYSTEM_CERTS := 1
endif
# Every step starts a Python of its own; compiled files make that three times as fast.
unexport PYTHONDONTWRITEBYTECODE

export DAGSTER_DISABLE_TELEMETRY := yes
export DO_NOT_TRACK := 1

.PHONY: refresh test serve superset check-code check-sql unit thorough bench methodology generate format docs clean

refresh: .venv/.runtime  ## land, build, check and publish the example survey
	@$(BIN)/barometer refresh --survey $(SURVEY)

test: check-code check-sql unit  ## lint, types and the everyday tests

serve: .venv/.runtime  ## open the Dagster UI on http://localhost:3000
	@$(BIN)/barometer serve --survey $(SURVEY)

superset: .venv/.runtime $(SUPERSET)/.installed  ## the dashboard in Apache Superset; EDITION=public, PORT=8088
	@home=$$($(BIN)/python -m bi.superset.build --survey $(SURVEY) --edition $(EDITION)) \
		&& exec $(SUPERSET)/bin/python bi/superset/serve.py "$$home" --port $(PORT)

docs: .venv/.runtime  ## dbt documentation site
	@$(BIN)/barometer docs --survey $(SURVEY)

check-code: .venv/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check-sql: .venv/.linted .venv/.linted-expectations

# The linter takes a second of processor per model: only what changed since it last passed is read again,
# and everything where the rules or what the models call did.
.venv/.linted: $(MODELS) .sqlfluff dbt_project.yml $(wildcard macros/*.sql macros/*/*.sql) .venv/.development
	BAROMETER_WAREHOUSE=:memory: DBT_PROFILES_DIR=. $(SQLFLUFF) $(if $(filter-out $(MODELS),$?),$(MODELS),$?)
	@touch $@

# Expectations are no dbt models; the linter has one way of rendering per run.
.venv/.linted-expectations: $(EXPECTATIONS) .sqlfluff expectations/.sqlfluff .venv/.development
	$(SQLFLUFF) --config expectations/.sqlfluff \
		$(if $(filter-out $(EXPECTATIONS),$?)$(findstring _shared,$?),$(EXPECTATIONS),$?)
	@touch $@

unit: .venv/.development
	$(BIN)/pytest -n 2 --dist loadgroup -m "not thorough"

thorough: .venv/.development  ## the slow proofs: other surveys in full, every crash, all drawn surveys
	$(BIN)/pytest -n 2 --dist loadgroup -m thorough

bench: .venv/.development  ## what it costs, as ratios in one run; ONLY="ibo-cold,ibo-label" for some, KEEP=yes for docs
	@$(BIN)/python -m bench --only "$(ONLY)" $(if $(KEEP),--keep)

methodology: .venv/.development  ## compute the tables of docs/methodology.md anew
	@$(BIN)/python -m simulations

generate: .venv/.development  ## write anew what comes from the declaration of the registries
	@$(BIN)/python -m registry.documents

format: .venv/.development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove the environments; warehouses and releases stay
	rm -rf .venv .tools $(SUPERSET)

# The environment, exactly as locked. The stamps keep later runs off the network.
.venv/.runtime: pyproject.toml uv.lock | $(UV)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version)'
	@echo "Installing the locked environment into .venv ..."
	@$(UV) sync --locked --inexact --no-dev --quiet
	@touch $@

.venv/.development: pyproject.toml uv.lock | $(UV)
	@echo "Installing the locked development environment into .venv ..."
	@$(UV) sync --locked --inexact --quiet
	@touch $@ .venv/.runtime

# Superset needs other versions of what we need too, so it has an environment of its own.
$(SUPERSET)/.installed: bi/superset/requirements.txt | $(UV)
	@echo "Installing Superset into $(SUPERSET), about 700 MB ..."
	@$(UV) venv --quiet --clear --python '>=3.11,<3.13' $(SUPERSET)
	@$(UV) pip sync --quiet --require-hashes --python $(SUPERSET) bi/superset/requirements.txt
	@touch $@

.tools/bin/uv:
	@echo "uv is not installed; fetching it into .tools ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools "uv==$(UV_VERSION)"

# A uv found on the path is used as it is.
ifneq ($(UV),.tools/bin/uv)
$(UV): ;
endif
