"""What can be known of the compose stack without an engine; ``scripts/compose-test`` starts it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from include.lineage import airflow_options
from include.settings import REPOSITORY, Settings

TEXT = (REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
VARIABLES = dict(re.findall(r"\$\{(\w+)(:[?-])", TEXT))
ONCE = "init"  # does its work and ends


@pytest.mark.parametrize("service", SERVICES.values(), ids=list(SERVICES))
def test_a_container_is_nobody_on_a_root_it_cannot_write_with_limits(service: dict[str, Any]) -> None:
    assert service["user"] in ("50000:0", "postgres")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"]


@pytest.mark.parametrize("name", [name for name in SERVICES if name != ONCE])
def test_whatever_runs_on_is_asked_after_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_the_loopback_interface_is_open() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_secret_comes_from_the_environment() -> None:
    # Without a provider nobody comes in by its secret; the two keys are made on first use below state/keys.
    may_be_empty = {"OIDC_CLIENT_SECRET", "WAREHOUSE_KEY", "IDENTITY_KEY"}
    secrets = {name for name in VARIABLES if re.search("PASSWORD|SECRET|KEY", name)}
    assert {name for name in secrets if VARIABLES[name] != ":?"} == may_be_empty
    assert [name for name in may_be_empty if re.search(rf"\$\{{{name}:-[^}}]", TEXT)] == []


def test_tasks_are_told_to_a_file_as_on_one_machine(tmp_path: Path) -> None:
    ours = {
        f"AIRFLOW__OPENLINEAGE__{name.upper()}": str(value).lower().replace(str(tmp_path), "/data")
        for name, value in airflow_options(Settings(home=tmp_path)).items()
    }
    theirs = SERVICES["scheduler"]["environment"]
    assert {name: value for name, value in theirs.items() if "OPENLINEAGE" in name} == ours


def test_the_example_names_every_variable_and_no_other() -> None:
    example = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)) == set(VARIABLES)


def test_the_image_holds_what_the_containers_run() -> None:
    copied = set(re.findall(r"^COPY (\S+)", (REPOSITORY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE))
    assert copied == {"requirements.txt", "dags", "dbt_project", "expectations", "include"}
    assert {f"!{name}" for name in copied} <= set((REPOSITORY / ".dockerignore").read_text(encoding="utf-8").split())


def test_the_script_reads_the_file_as_far_as_it_can_and_says_aloud_what_it_left_out(tmp_path: Path) -> None:
    nowhere = {**os.environ, "DOCKER_HOST": f"unix://{tmp_path}/no.sock"}
    script = [REPOSITORY / "scripts" / "compose-test"]
    run = subprocess.run(script, env=nowhere, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert ("is right" in run.stdout and "NOT STARTED" in run.stderr) or "NOT TRIED: no docker compose" in run.stderr
