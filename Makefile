# Everything a newcomer needs. `make draft` on a fresh clone ends with today's drafts.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install draft run test test-crash screenshots check catalogs fonts bench bench-accuracy bench-variety scorecard specimens gallery lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(INSTALLED) ## environment and packages, as locked

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "squaredesk needs Python 3.11 or newer; try make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

draft: $(INSTALLED) ## today's drafts from the simulated market, printed and filed
	$(BIN)/squaredesk draft --source simulated

run: $(INSTALLED) ## today's drafts, then the desk at http://127.0.0.1:8321, sending what is approved
	SQUAREDESK_SOURCE_DEADLINE_S=$${SQUAREDESK_SOURCE_DEADLINE_S:-5} \
		$(BIN)/squaredesk draft --source 'exchanges|simulated'
	$(BIN)/squaredesk serve

test: $(INSTALLED) ## every test, browser tests included
	$(BIN)/python tools/browser.py
	$(BIN)/python -m pytest -q -n auto

test-crash: $(INSTALLED) ## workers killed everywhere over 1,040 deliveries, on both databases; SEED=N for others
	DELIVERIES=1040 $(BIN)/python -m pytest -q tests/crash

screenshots: $(INSTALLED) ## every page of the desk as a picture, into var/screenshots
	$(BIN)/python tools/browser.py
	$(BIN)/python tools/screenshots.py var/screenshots

check: $(INSTALLED) ## style, types, catalogs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tools/catalogs.py check

catalogs: $(INSTALLED) ## bring the PO files in step with the templates, and the page of terms
	$(BIN)/python tools/catalogs.py update
	$(BIN)/python tools/catalogs.py terms

fonts: $(INSTALLED) ## build our fonts anew from the unpacked packages in SOURCES
	$(BIN)/python tools/build_fonts.py $(SOURCES)

bench: $(INSTALLED) ## ratios, measured side by side
	$(BIN)/python -m benchmarks.run

bench-accuracy: $(INSTALLED) ## how good the estimate is, on recorded markets, into docs/accuracy.md
	$(BIN)/python -m benchmarks.accuracy

gallery: $(INSTALLED) ## every chart in every language and theme, into var/gallery and docs/images/gallery
	$(BIN)/python tools/gallery.py var/gallery docs/images/gallery

specimens: $(INSTALLED) ## every format in every language, for eyes, into docs/specimens
	$(BIN)/python tools/specimens.py

bench-variety: $(INSTALLED) ## how alike the posts of a simulated year are
	$(BIN)/python -m benchmarks.variety

scorecard: $(INSTALLED) ## what became of the levels on recorded markets, into docs/scorecard.md
	$(BIN)/python -m benchmarks.scorecard

lock: ## resolve requirements.lock anew (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --python-version 3.11 \
		--no-emit-index-url --no-annotate --no-header -o requirements.lock

clean: ## remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
