SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 8000
STRIPE_FAKE_PORT ?= 12111
SAMPLE ?= 300
SEED ?= 4
TEST_WORKERS ?= 3
SIZES ?= 200 10000 100000
DATABASES ?= sqlite postgres

# A shim named uv can exist and fail, so ask it for its version instead of looking for its name.
UV  := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo .tools/bin/uv)
PYV := $(shell cat .python-version)
PY  := $(shell for p in python$(PYV) python3 python $$HOME/.pyenv/versions/$(PYV)*/bin/python$(PYV); do \
  "$$p" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "$(PYV)")' >/dev/null 2>&1 && { command -v "$$p"; break; }; done)
BIN := .venv/bin
IN_PARALLEL = -n $(TEST_WORKERS) --dist loadscope --no-loadscope-reorder
MONEY_TESTS = apps/pricing apps/payments apps/orders apps/catalog apps/exchange apps/core/tests/test_money.py
# Else every process that a test starts would compile the shop anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test test-sqlite test-postgres test-browser ci lint races coverage mutants mutants-sample bench lock messages stripe-fake clean

help:
	@echo "make run           open the shop at http://127.0.0.1:$(PORT) (PORT=... for another)"
	@echo "make test          every test that needs no browser, on SQLite and on PostgreSQL"
	@echo "make test-browser  journeys, accessibility and CSP in a Chromium"
	@echo "make ci            lint, test, test-browser"
	@echo "make races         the long races and kills"
	@echo "make bench         what each page costs, at three sizes on both databases (an hour; SIZES='200' for minutes)"
	@echo "make coverage      branch coverage of money        make mutants   does a test notice each small change of it"
	@echo "make mutants-sample  of its rest a random sample (SAMPLE=$(SAMPLE) SEED=$(SEED))"
	@echo "make lint          style, types, layers        make lock   renew the pins"
	@echo "make stripe-fake   a fake Stripe at http://127.0.0.1:$(STRIPE_FAKE_PORT) that calls the shop on PORT"
	@echo "make messages      collect and compile the words of every language"

.tools/bin/uv:
	python3 -m venv .tools
	.tools/bin/python -m pip install -q --disable-pip-version-check "uv>=0.9"

# Runtime pins only: what `make run` and a deploy need.
.venv/.run: requirements.txt .python-version | $(filter .tools/bin/uv,$(UV))
	@test -x $(BIN)/python || $(UV) venv -q --python "$(or $(PY),$(PYV))" .venv
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.txt
	@touch $@

run: .venv/.run
	@PORT=$(PORT) exec $(BIN)/python manage.py open

# What reads the sources alone is `make lint`'s. Each run leaves out what need be asked once and the other one asks.
test: test-sqlite test-postgres

test-sqlite: .venv/.dev
	$(BIN)/python -m pytest -q --db sqlite --of-two $(IN_PARALLEL) --ignore tests/lint

test-postgres: .venv/.dev
	$(BIN)/python -m pytest -q --db postgres --of-two $(IN_PARALLEL)

test-browser: .venv/.dev
	$(BIN)/python -m pytest -q --db sqlite -m browser

races: .venv/.dev
	$(BIN)/python -m pytest -q --db sqlite -m long
	$(BIN)/python -m pytest -q --db postgres -m long

# Every line and branch of what money depends on (pyproject.toml names it) is run by one of these tests, and stays so.
coverage: .venv/.dev
	@mkdir -p var/coverage && rm -f var/coverage/data*
	$(BIN)/python -m coverage run -m pytest -q --db sqlite $(IN_PARALLEL) $(MONEY_TESTS)
	$(BIN)/python -m coverage combine -q
	$(BIN)/python -m coverage report --skip-covered

# The survivors stand in docs/payments.md, each with its reason. mutmut makes every change of the arithmetic in mutants/, a
# copy of the shop; of all else that money depends on a random sample is changed, and only that by `make mutants-sample`.
mutants: .venv/.dev
	STOA_EXAMPLES=200 nice $(BIN)/mutmut run --max-children $(TEST_WORKERS)
	$(BIN)/mutmut results
	@$(MAKE) --no-print-directory mutants-sample

mutants-sample: .venv/.dev
	STOA_EXAMPLES=200 nice $(BIN)/python -m pytest -q --db sqlite -p tests.mutants.plugin --mutants $(SAMPLE) --seed $(SEED) \
	  -m "not browser and not long and not servers" $(MONEY_TESTS) apps/inventory apps/shipping tests/money

# A run of three sizes seeds 100,000 products twice, once; the shops are kept under var/bench/.
bench: .venv/.dev
	$(BIN)/python -m bench --sizes $(SIZES) --databases $(DATABASES)

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/djlint --quiet --lint templates apps
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest -q --db sqlite tests/lint

ci: lint test test-browser

# Pins carry hashes and no addresses, so the same file installs from any index.
lock: | $(filter .tools/bin/uv,$(UV))
	$(UV) pip compile -q --universal --python-version 3.13 --generate-hashes --no-header --no-annotate -o requirements.txt pyproject.toml $(LOCK)
	$(UV) pip compile -q --universal --python-version 3.13 --generate-hashes --no-header --no-annotate --group dev pyproject.toml -o requirements-dev.txt $(LOCK)

# For work without a network. The shop beside it: docs/payments.md.
stripe-fake: .venv/.run
	@exec $(BIN)/python -m apps.payments.fake_stripe --port $(STRIPE_FAKE_PORT) \
	  --webhook http://127.0.0.1:$(PORT)/payments/stripe/webhook/ --secret whsec_fake

# Needs GNU gettext; a shop does not, its compiled catalogues are committed. The date would change at every run.
messages: .venv/.dev
	@for app in apps/*/apps.py; do mkdir -p "$$(dirname $$app)/locale"; done
	$(BIN)/python manage.py makemessages -l de --no-location --no-wrap --no-obsolete --ignore tests --ignore var --ignore staticfiles
	@for po in templates/locale/*/LC_MESSAGES/*.po apps/*/locale/*/LC_MESSAGES/*.po; do \
	  sed -E '/^"(POT-Creation-Date|Report-Msgid-Bugs-To):/d' "$$po" > "$$po.new" && mv "$$po.new" "$$po"; done
	$(BIN)/python manage.py compilemessages --ignore '.*'

clean:
	rm -rf .venv .tools var staticfiles mutants
