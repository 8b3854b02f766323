# make run                    index the sample reports and open the page on 127.0.0.1:7860
# make run REPORTS=path       the same for your own report, or a folder of them
# make test                   every test; installs what it needs first
# make clean                  remove what the two above made, the libraries excepted

REPORTS ?= docs/reports
PORT ?= 7860
# One's own reports get a library of their own: sample figures must not turn up among real ones.
LIBRARY ?= $(if $(filter docs/reports docs/reports/,$(REPORTS)),kho,kho-rieng)

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
INSTALLED := $(VENV)/installed

.PHONY: run test clean

run: $(INSTALLED)
	$(VENV)/bin/python -m index add "$(REPORTS)" --library "$(LIBRARY)" || [ $$? -eq 1 ]  # 1: some files were skipped
	$(VENV)/bin/python app.py --library "$(LIBRARY)" --port "$(PORT)"

test: $(INSTALLED)
	bash tests/install-programs.sh
	$(VENV)/bin/python -m pytest

$(INSTALLED): pyproject.toml constraints.txt
	[ -x $(VENV)/bin/python ] || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV): some minutes the first time…"
	$(VENV)/bin/python -m pip install --quiet --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[test]"
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
