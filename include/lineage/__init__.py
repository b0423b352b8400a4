"""Where numbers come from, told as OpenLineage tells it, in files of this home and nowhere else."""

from pathlib import Path

from include.settings import Settings, private_folder


def model_events_file(settings: Settings) -> Path:
    """Where the events of the newest build lie."""
    return private_folder(settings.state / "lineage") / "models.ndjson"
