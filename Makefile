# One screen of tasks. `make run` and `make test` work on a fresh machine.
SHELL := /bin/bash
PY := .venv/bin/python
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: run test check lint types contracts quick bench bench-scale setup messages clean

run: setup                ## set up everything, load the curriculum and the sample hospital, serve on 127.0.0.1:8000
	@exec $(PY) scripts/run.py

test: setup               ## the whole suite, on SQLite and PostgreSQL, with browser journeys
	@scripts/system_packages.sh test
	@$(PY) scripts/test.py

check: lint types contracts quick  ## before each commit

lint: setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

types: setup
	@.venv/bin/mypy courses assessments certificates lms config.py wsgi.py

contracts: setup
	@.venv/bin/lint-imports

quick: setup              ## SQLite only, no browser
	@.venv/bin/pytest -n 2 -m "not browser and not slow"

bench: setup              ## requests per second and CPU per request beside a bare page
	@$(PY) -m bench

bench-scale: setup         ## a national hospital of up to a million staff on PostgreSQL; about an hour and 10 GB
	@$(PY) -m bench.scale
	@$(PY) -m bench.plot

setup: .venv/ready
	@scripts/system_packages.sh run

.venv/ready: requirements.lock
	@scripts/environment.sh

messages: setup           ## collect every string for translators
	@mkdir -p lms/translations
	@.venv/bin/pybabel -q extract -F babel.cfg -k _l -o lms/translations/messages.pot lms

clean:                    ## forget the environment; keeps instance/, which holds the data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build
