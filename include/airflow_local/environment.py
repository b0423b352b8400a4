"""The configuration of the embedded Airflow: everything below ``WAREHOUSE_HOME``, nothing beyond this machine."""

from __future__ import annotations

import base64
import json
import os
import secrets
import socket
from importlib.metadata import version
from pathlib import Path

from include import lineage
from include.settings import REPOSITORY, Settings, private_folder

USER = "admin"


def home(settings: Settings) -> Path:
    """Airflow's own folder: metadata, logs, passwords."""
    return private_folder(settings.state / "airflow")


def password_file(settings: Settings) -> Path:
    """Where the sign-in lies, readable by its owner alone."""
    return home(settings) / "passwords.json"


def password(settings: Settings) -> str:
    """The administrator's password, made on first use."""
    path = password_file(settings)
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump({USER: secrets.token_urlsafe(18)}, stream)
    return str(json.loads(path.read_text(encoding="utf-8"))[USER])


def metadata(settings: Settings) -> Path:
    """Airflow's database, one file a version of Airflow: a newer one begins its history anew."""
    return home(settings) / f"metadata-{version('apache-airflow')}.db"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(settings: Settings, port: int) -> dict[str, str]:
    """What every Airflow process and every task sees: a private home, free ports, small and quiet."""
    folder = home(settings)
    password(settings)
    airflow = {
        "core__dags_folder": REPOSITORY / "dags",
        "core__executor": "LocalExecutor",
        "core__parallelism": 2,
        "core__load_examples": False,
        "core__dags_are_paused_at_creation": False,
        "core__plugins_folder": folder / "plugins",
        "core__simple_auth_manager_users": f"{USER}:admin",
        "core__simple_auth_manager_passwords_file": password_file(settings),
        "core__execution_api_server_url": f"http://127.0.0.1:{port}/execution/",
        "core__fernet_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "database__sql_alchemy_conn": f"sqlite:///{metadata(settings)}",
        "api__host": "127.0.0.1",
        "api__port": port,
        "api__base_url": f"http://127.0.0.1:{port}",
        "api__workers": 1,
        "api__secret_key": secrets.token_hex(32),
        "api_auth__jwt_secret": secrets.token_hex(32),
        "logging__base_log_folder": folder / "logs",
        "logging__dag_processor_child_process_log_directory": folder / "logs" / "dag_processor",
        "dag_processor__dag_bundle_storage_path": folder / "bundles",
        "dag_processor__parsing_processes": 1,
        "dag_processor__min_file_process_interval": 300,  # DAG files change with a release, not during a run
        "dag_processor__print_stats_interval": 0,
        "scheduler__scheduler_idle_sleep_time": 0.5,
        "usage_data_collection__enabled": False,
        **{f"openlineage__{name}": value for name, value in lineage.airflow_options(settings).items()},
    }
    return settings.child_environment(
        AIRFLOW_HOME=str(folder),
        PYTHONPATH=str(REPOSITORY),
        PYTHONUNBUFFERED="1",
        NO_PROXY="127.0.0.1,localhost",  # every request stays on this machine, whatever proxy the site has
        no_proxy="127.0.0.1,localhost",
        **{f"AIRFLOW__{name.upper()}": str(value) for name, value in airflow.items()},
    )
