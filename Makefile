# The book's commands. `make` alone lists them.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin/python
# uv installs without compiled bytecode: with this set, every process would compile TensorFlow anew (5 s each).
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help book serve handouts pdf test thorough notebooks refresh lint drift repairs bench thresholds platforms
.DELETE_ON_ERROR:

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/has-book: requirements-book.txt constraints.txt
	@tools/make_venv.sh book "$(PYTHON)" $(VENV)
	@tools/install.sh $(VENV) requirements-book.txt $@

$(VENV)/has-all: requirements.txt requirements-book.txt requirements-tools.txt constraints.txt
	@tools/make_venv.sh all "$(PYTHON)" $(VENV)
	@tools/install.sh $(VENV) requirements.txt $@
	@touch $(VENV)/has-book

book: $(VENV)/has-book  ## build the HTML in _build/html
	@$(BIN) tools/build.py

serve: $(VENV)/has-book  ## serve the built HTML on this machine (PORT=8000)
	@$(BIN) tools/serve.py --port $(PORT)

handouts: $(VENV)/has-book  ## write each chapter, and the book, as zips that run in a fresh folder, in _build/handouts
	@$(BIN) tools/hand_out.py

pdf: $(VENV)/has-book  ## print the built book, by Chromium, into _build/pdf (FRAMEWORK=pytorch for its code alone, ERRORS=yes for all)
	@$(BIN) tools/pdf.py $(if $(FRAMEWORK),--framework "$(FRAMEWORK)") $(if $(ERRORS),--errors)

test: $(VENV)/has-all  ## re-run every notebook, build the HTML and run the tests
	@$(BIN) -m pytest -q -n 2 --dist loadscope -rs

# "hypothesis" is every test with random arguments: with FRESH_SEEDS they are other ones than `make test` tries.
thorough: $(VENV)/has-all  ## what `make test` leaves out: it takes long and finds little (runs weekly)
	@FRESH_SEEDS=1 $(BIN) -m pytest -q -n 2 --dist loadscope -rs -m "thorough or hypothesis"
	@$(BIN) -m venv --clear $(VENV)/newest
	@$(VENV)/newest/bin/python -m pip install -q --disable-pip-version-check --upgrade torch tensorflow keras numpy onnxruntime onnx jax flax transformers pyyaml
	@$(BIN) tools/drift.py --python $(VENV)/newest/bin/python

notebooks: $(VENV)/has-all  ## open JupyterLab on the book
	@$(BIN) tools/lab.py

refresh: $(VENV)/has-all  ## re-run notebooks and store their outputs (only="01 08" for some)
	@$(BIN) tools/refresh.py $(only)

lint: $(VENV)/has-all  ## check the code's style and the chapters' form
	@all_well=true; $(BIN) -m ruff check . || all_well=false; $(BIN) -m ruff format --check . || all_well=false; \
		PYTHONPATH=book $(BIN) tools/lint.py && $$all_well

drift: $(VENV)/has-all  ## which messages do the frameworks word differently? (with=PATH/bin/python for another environment)
	@$(BIN) tools/drift.py $(if $(with),--python "$(with)")

repairs: $(VENV)/has-all  ## run every repair and dead end of the error pages (only="pytorch-conv" for some)
	@$(BIN) tools/repairs.py $(only)

bench: $(VENV)/has-all  ## measure the from-scratch convolution on this machine
	@$(BIN) tools/bench.py

thresholds: $(VENV)/has-all  ## measure on this machine where the ways of conv2d cross over
	@$(BIN) tools/thresholds.py

platforms: $(VENV)/has-all  ## can the pinned versions be installed on every platform that README.md names?
	@$(BIN) tools/resolve.py
