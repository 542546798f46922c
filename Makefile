# make run   sets up .venv and opens the window        make test   sets up .venv and runs the tests
# Both need Python 3.11 or newer and nothing else; PYTHON=python3.12 chooses another one.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXTRAS := video,parquet,heads,sweep,test
READY := $(VENV)/.ready
LINK := build/link

.PHONY: run test window-test lint types coverage bench soak audit installer pictures clean

run: $(READY)
	$(BIN)/python main.py

test: $(READY)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m "not window" -n 2 --cov --cov-report=

# Drives the program in a real window; needs a display (xvfb-run make window-test will do).
window-test: $(READY)
	$(BIN)/python -m pytest -m window --cov --cov-append --cov-report=

lint: $(READY) $(LINK)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	cd $(LINK) && ../../$(BIN)/lint-imports --config ../../pyproject.toml

types: $(READY) $(LINK)
	cd $(LINK) && ../../$(BIN)/mypy --config-file ../../pyproject.toml -p zoetrope

# The checkout's core/ and gui/ are zoetrope.core and zoetrope.gui: the checkers are shown them so.
$(LINK):
	mkdir -p $(LINK)/zoetrope
	for part in core gui assets; do ln -sfn ../../../$$part $(LINK)/zoetrope/$$part; done
	for file in __init__.py __main__.py; do ln -sfn ../../../zoetrope/$$file $(LINK)/zoetrope/$$file; done

coverage: $(READY)
	$(BIN)/coverage report --skip-covered --show-missing

bench: $(READY)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[bench]"
	$(BIN)/python -m benchmarks

# Storms, races, faults and bad files at their full counts (about 40 minutes), in a window of an X
# server of its own where there is xvfb-run. Stores what it found in benchmarks/soak.json.
soak: $(READY)
	QT_QPA_PLATFORM=$(if $(shell command -v xvfb-run),xcb,offscreen) \
		$(if $(shell command -v xvfb-run),xvfb-run -a -s "-screen 0 1920x1080x24") $(BIN)/python -m tests.soak

# Asks the Python Package Index for known advisories about each file in hashes.txt; fails where the
# index does not answer for one.
audit:
	$(PYTHON) -m venv build/audit
	build/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	build/audit/bin/pip-audit --strict --require-hashes --disable-pip -r hashes.txt

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Zoetrope needs Python 3.11 or newer.')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		--editable ".[$(EXTRAS)]"
	touch $(READY)

# One folder with the program and all that it needs, in dist/zoetrope: see installers/README.md.
installer:
	$(PYTHON) -m venv --clear build/installer
	build/installer/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	build/installer/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		pyinstaller ".[video,parquet,heads,sweep]"
	build/installer/bin/pyinstaller --noconfirm --log-level WARN --workpath build/pyinstaller installers/zoetrope.spec
	build/installer/bin/python installers/check.py dist/zoetrope

# The pictures in the README, made by the program itself.
pictures: $(READY)
	$(BIN)/python assets/screenshots/make.py

clean:
	rm -rf $(VENV) build dist .coverage .mypy_cache .pytest_cache .ruff_cache
