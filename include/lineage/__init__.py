"""Where numbers come from, told as OpenLineage tells it, in files of this home and nowhere else."""

import json
from pathlib import Path

from include.settings import Settings, private_folder

NAMESPACE = "doudi"


def model_events_file(settings: Settings) -> Path:
    """Where the events of the newest build lie."""
    return private_folder(settings.state / "lineage") / "models.ndjson"


def task_events_file(settings: Settings) -> Path:
    """Where Airflow tells which task ran when, and of what its run was a part; it grows by some lines a task."""
    return private_folder(settings.state / "lineage") / "tasks.ndjson"


def airflow_options(settings: Settings) -> dict[str, object]:
    """Airflow's section ``openlineage``: events go to the file, without the text of our functions.

    A thread and not a fork writes them: a forked child holds the task's line to its supervisor open.
    """
    file = {"type": "file", "log_file_path": str(task_events_file(settings)), "append": True}
    return {
        "namespace": NAMESPACE,
        "transport": json.dumps(file),
        "emission_policy": json.dumps([{"scope": {}, "controls": {"include_source_code": False}}]),
        "execute_in_thread": True,
    }
