# make run    the whole application with a demonstration cohort, on 127.0.0.1 (BONEAGE_PORT, default 8000)
# make test   everything: checks, front-end tests, Python tests, the same on PostgreSQL and Redis, a real browser
# make check  lint, types, import contract
# make bench  timings
# make bench-gate  the DICOM gate's goals in a short form; fails if one is missed
# make bench-web  list, next, save, eight labellers at once, page weight, next film on screen; fails if a goal is missed
# make chaos  200 random mishaps of browser, network, session and server while somebody labels: nothing is lost
# make bench-effort  actions that labelling a film costs, beside their goals; needs BONEAGE_REAL_DATA
# make bench-evaluation  the evaluation page on 100 000 predictions, beside its goals
# make soak   the long runs: fuzzing, kills, memory, all real films (hours)
# make offline  wheels, program and images for a machine without internet, in the folder offline/
# make lock   resolve requirements/*.in anew
SHELL := /bin/bash
export PATH := $(CURDIR)/.venv/node:$(PATH)
PYTHON := .venv/bin/python

.PHONY: run test check check-python check-frontend test-python test-services test-frontend bench bench-gate bench-effort bench-web chaos soak lock offline setup-run setup-test bench-evaluation

run: setup-run
	@exec $(PYTHON) manage.py serve --demonstration

# What needs one core each goes side by side; each speaks when it has ended.
SIDE_BY_SIDE := $(MAKE) --no-print-directory --jobs 2 --output-sync=target

test: setup-test
	@$(SIDE_BY_SIDE) check-python check-frontend test-frontend
	@$(MAKE) --no-print-directory test-python test-services

check: setup-test
	@$(SIDE_BY_SIDE) check-python check-frontend

check-python: setup-test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/mypy

check-frontend: setup-test
	cd frontend && npm run --silent check

test-frontend: setup-test
	cd frontend && npm test --silent

# Two files of tests at a time; a file's tests stay together, since some share an application that was started for them.
PYTEST := $(PYTHON) -m pytest -n 2 --dist loadfile

test-python: setup-test
	$(PYTEST) -m "not browser"
	$(PYTHON) -m pytest -m browser  # by themselves: the application they look at needs the machine

# The web's own tests once more, on the servers of the production path.
test-services: setup-test
	$(PYTHON) -m tests.services -- $(PYTEST) tests/annotations tests/boneage_web -m "not browser and not once"

bench: setup-test
	$(PYTHON) -m tests.benchmarks

bench-gate: setup-test
	$(PYTHON) -m tests.benchmarks.gate

bench-web: setup-test
	$(PYTHON) -m tests.benchmarks.web

chaos: setup-test
	$(PYTHON) -m tests.soak.chaos

bench-evaluation: setup-test
	$(PYTHON) -m tests.benchmarks.evaluation_page

bench-effort: setup-test
	$(PYTHON) -m tests.benchmarks effort

soak: setup-test
	$(PYTHON) -m tests.soak

offline: setup-run
	PYTHON=$(PYTHON) docker/make-offline.sh offline

# openvino-telemetry is left out: OpenVINO runs without it (a test looks), and a hospital's machine reports to nobody.
lock: setup-test
	for name in base ml-cpu dev ml-gpu node; do \
	    uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	        --no-emit-package openvino-telemetry --python-version 3.11 \
	        requirements/$$name.in -o requirements/$$name.lock || exit 1; done

setup-run:
	@.ci/setup run

setup-test:
	@.ci/setup test
