# Two commands: make demo, make test. Both set up .venv from the lock first, and skip that while the lock is the same.
PYTHON ?= $(firstword $(foreach name,python3.11 python3 python,$(shell command -v $(name) 2>/dev/null)))
SERVE  ?= 1
PORT   ?= 8501
# Counting covered lines doubles the time of the tests: make test COVERAGE=1
COVERAGE ?=
VENV   := .venv
BIN    := $(VENV)/bin/python
STAMP  := $(VENV)/.locked
BENCH  ?=
BENCH_STAMP := .venv-bench/.locked

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# Compiled modules are kept; otherwise each worker and each child process compiles all of them again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check bench screenshots lock clean

demo: $(STAMP)
	@$(BIN) -m tracker demo --port $(PORT) $(if $(filter 0 no,$(SERVE)),--no-serve)

test: $(STAMP)
	@$(BIN) -m pytest -q -n auto --maxprocesses 4 --dist loadscope $(if $(COVERAGE),--cov --cov-report=term:skip-covered)

# The machine's own pip installs into .venv, so that a Python without ensurepip will do.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, not " + sys.version.split()[0] + ". Say which: make PYTHON=python3.12 …")'
	@echo "Setting up $(VENV) (once; one to two minutes) …"
	@test -x $(BIN) || $(PYTHON) -m venv --without-pip $(VENV)
	@$(PYTHON) -m pip --python $(VENV) install --quiet --require-hashes -r requirements.lock
	@$(PYTHON) -m pip --python $(VENV) install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

# What .ci/run checks beside the tests; needs requirements-ci.lock in .venv-ci.
check:
	@.ci/run

# Every view of the dashboard as a picture, in screenshots/. Needs .venv-ci, as .ci/run makes it, and Debian's chromium.
screenshots:
	@.venv-ci/bin/python -m tests.dashboard.browser.pictures screenshots

# All benchmarks beside their peers, into benchmarks/RESULTS.md and benchmarks/results.json; about an hour. make bench
# BENCH="store dates" runs some; make bench BENCH=--check compares with what is recorded. Needs .venv-ci as .ci/run makes it.
bench: $(BENCH_STAMP)
	@.venv-ci/bin/python -m benchmarks $(BENCH)

# dedupe, Splink and others want other packages than we do.
$(BENCH_STAMP): requirements-bench.lock
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv --without-pip .venv-bench
	@$(PYTHON) -m pip --python .venv-bench install --quiet --require-hashes -r requirements-bench.lock
	@$(PYTHON) -m pip --python .venv-bench install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

# Pin the newest versions, for running and testing, for the checks, for the Dockerfile, for the benchmarks. Needs uv. Extras stay in the
# lock: pip before 23.3 takes coverage[toml] for something else than a pinned coverage, and looks for its newest release.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras \
	    --no-emit-index-url --upgrade --extra test --output-file requirements.lock pyproject.toml requirements-build.in
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras \
	    --no-emit-index-url --upgrade --extra dev --constraint requirements.lock --output-file requirements-ci.lock \
	    pyproject.toml requirements-build.in
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras \
	    --no-emit-index-url --upgrade --extra scale --constraint requirements-ci.lock --output-file requirements-scale.lock \
	    pyproject.toml requirements-build.in
	# recordlinkage wants an older pandas than streamlit gets.
	sed -n '/^pandas==/d; s/^\([a-zA-Z0-9_.-]*\)[^=]*\(==[^\\]*\).*/\1\2/p' requirements.lock > .constraints
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras \
	    --no-emit-index-url --upgrade --extra bench --constraint .constraints --output-file requirements-bench.lock \
	    pyproject.toml requirements-build.in
	rm .constraints

clean:
	rm -rf $(VENV) .venv-ci .venv-bench .demo
