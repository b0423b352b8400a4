# The verbs of this project. Each needs only make and a Python 3.11-3.13; what is missing is installed into .venv.
#
#   make run                     the demo district, end to end through Airflow
#   make pipeline AS_OF=202109   the same over what lies in WAREHOUSE_HOME/inbox
#
# AS_OF, KNOWN_AT, SCALE, SEED, SOURCE_PATIENCE and WAREHOUSE_HOME are make variables or environment variables, as you like.

.DEFAULT_GOAL := help
.PHONY: help install spark run pipeline serve test equality soak bench lint lock clean
.SUFFIXES:
MAKEFLAGS += --no-print-directory --no-builtin-rules

export AS_OF KNOWN_AT SCALE SEED SOURCE_PATIENCE WAREHOUSE_HOME

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
UV ?= uv
SOURCES := include expectations dags benchmarks tests

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r verb what; do printf '  make %-9s %s\n' "$$verb" "$$what"; done

install: ## what is missing, into .venv
	@.ci/install $(PYTHON)

spark: ## what running the models on Spark needs, into .venv-spark
	@VENV=.venv-spark LOCK=requirements-spark.txt .ci/install $(PYTHON)

run: install ## the demo district's deliveries, made if the inbox is empty, through the whole pipeline
	@$(BIN)/python -m include run

pipeline: install ## the same pipeline over whatever lies in WAREHOUSE_HOME/inbox
	@$(BIN)/python -m include pipeline

serve: install ## Airflow's pages on this machine; says where and how to sign in
	@$(BIN)/python -m include serve

test: install ## every test, and a count of what was tested
	@.ci/services
	@$(BIN)/python -m pytest --numprocesses 2 --no-loadscope-reorder

equality: install spark ## the models on DuckDB and on Spark: every published row the same
	@.ci/services java
	@$(BIN)/python -m pytest -m "spark and not soak" tests/spark

soak: install spark ## what needs many repetitions: mutated files, kills, histories; writes docs/soak.md
	@.ci/services java
	@$(BIN)/python -m pytest -m "soak or spark" --soak 1

bench: install ## taking files in beside plain readers, each step at two scales, the households' pages, the build beside the rules in one file of SQL, the desk under load
	@$(BIN)/python -m include bench $(if $(SCALES),--scales "$(SCALES)") $(if $(LARGE),--large) $(if $(SPARK),--spark)

lint: install ## ruff, mypy, sqlfluff, yamllint
	@$(BIN)/python -m ruff check $(SOURCES)
	@$(BIN)/python -m ruff format --check --quiet $(SOURCES)
	@$(BIN)/python -m mypy
	@$(BIN)/python -m yamllint --strict .
	@$(BIN)/python -m sqlfluff lint --processes 0 --disable-progress-bar dbt_project/models dbt_project/tests

lock: ## make both locks again from pyproject.toml (needs uv)
	@$(call locked,requirements.txt,--extra dev pyproject.toml)
	@$(call locked,requirements-spark.txt,--group spark --constraints requirements.txt)

define locked # the file, and what uv is asked for; the file's first comment stays
sed -n '/^#/p;/^#/!q' $(1) > $(1).new
$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	--no-emit-find-links --no-annotate $(2) | grep -v '^ *#' >> $(1).new
mv $(1).new $(1)
endef

clean: ## the environment and the caches; never WAREHOUSE_HOME
	@rm -rf $(VENV) .venv-spark .pytest_cache .mypy_cache .ruff_cache dbt_project/target dbt_project/logs
