# `make extract` turns corpus/raw into corpus/clean; `make test` checks the program. Both set themselves up in .venv.
# Further arguments: make extract ARGS="--jobs 2 --force"

VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check
ARGS ?=
# Of the throughput in make bench, say: --documents 1000 --syllables 10000
THROUGHPUT ?=

.PHONY: extract review setup test lint train evaluate bench fuzz fuzz-guided lock dist clean

extract: setup
	@$(RUN) -m pipeline extract $(ARGS)

review: setup
	@$(RUN) -m pipeline review $(ARGS)

setup: $(VENV)/.installed $(VENV)/.tesseract

test: lint
	$(RUN) -m pytest $(ARGS)

lint: $(VENV)/.installed-dev
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m mypy

train: setup $(VENV)/.installed-train
	$(RUN) -m pipeline.train $(ARGS)

# Seconds are those of one core.
evaluate: export OPENBLAS_NUM_THREADS := 1
evaluate: setup $(VENV)/.installed-bench
	$(RUN) -m pipeline.evaluate $(ARGS)
	$(RUN) -m pipeline.evaluate.scans

bench: $(VENV)/.installed-bench
	$(RUN) bench/bench.py $(ARGS)
	$(RUN) bench/pages.py
	$(RUN) bench/throughput.py $(THROUGHPUT)

# Ten thousand damaged inputs through the program; make fuzz ARGS="--variants 500 --seed 7 --keep FOLDER --log FILE"
fuzz: setup $(VENV)/.installed-dev
	$(RUN) -m tests.fuzz.program $(ARGS)

# Inputs that atheris makes by what code the last ones reached; make fuzz-guided ARGS="-max_total_time=600"
fuzz-guided: setup $(VENV)/.installed-fuzz
	for kind in texts pdfs images; do $(RUN) -m tests.fuzz.guided $$kind build/fuzz/$$kind -max_total_time=300 $(ARGS) || exit 1; done

# After a change of requirements.txt: hashes of the files of all its packages, for every platform and Python.
lock: $(VENV)/.installed-supply
	$(RUN) -m piptools compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --output-file requirements-hashed.txt requirements.txt

# Source, wheel and bill of materials; the same bytes for the same commit.
dist: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct)
dist: $(VENV)/.installed-dev
	rm -rf dist
	$(RUN) -m hatchling build
	$(RUN) -m supply.sbom > dist/vanban.cdx.json

# What training keeps in build/ to go on from stays.
clean:
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.installed: requirements-hashed.txt pyproject.toml | $(RUN)
	@echo "Installing what vanban needs into $(VENV) ..." >&2
	@$(PIP) --require-hashes -r requirements-hashed.txt
	@$(PIP) --no-deps --editable .
	@touch $@

# Scans need a program that pip does not bring. Without it, text and born-digital PDFs are read all the same.
$(VENV)/.tesseract: | $(VENV)/.installed
	@if $(RUN) -c 'from pipeline.ingest.tesseract import check; check()' 2>/dev/null; then touch $@; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Tesseract with Vietnamese, which reads scans ..." >&2; \
	  (apt-get -q update && apt-get -q install -y tesseract-ocr tesseract-ocr-vie) >/dev/null 2>&1 && touch $@ || \
	  echo "It could not be installed; scans are reported, the rest is read." >&2; \
	else echo "To read scans, install Tesseract: sudo apt-get install tesseract-ocr tesseract-ocr-vie" >&2; fi

$(VENV)/.installed-%: requirements-%.txt $(VENV)/.installed
	@echo "Installing what $< names into $(VENV) ..." >&2
	@$(PIP) -r $<
	@touch $@

$(RUN):
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    exec $$python -m venv --clear $(VENV); \
	  fi; \
	done; \
	echo "vanban needs Python 3.11 or newer with its venv module, to keep its packages apart from the system's." >&2; \
	echo "Install it with: sudo apt-get install python3 python3-venv" >&2; \
	echo "Without the right to do that ask your administrator, or name another one: make PYTHON=/path/to/python3" >&2; \
	exit 3
