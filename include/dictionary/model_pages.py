"""``outbox/dictionary/models.html``: the dbt project as one page that needs no network.

Every model with its grain, columns, SQL, tests and lineage, as dbt draws it; the columns' types are those of the
standing publication.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from include.analysis.project import Project
from include.pages import put_page
from include.privacy import guarded
from include.settings import DBT_PROJECT, Settings, private_folder
from include.warehouse.publication import standing


@guarded("docs")
def write(settings: Settings) -> Path:
    """Write the page; returns its path. Raises NoPublicationError while nothing is published."""
    marts = standing(settings).marts
    with tempfile.TemporaryDirectory(dir=private_folder(settings.scratch)) as folder:
        Project(Path(folder), marts).run("docs", "generate", "--static", "--target-path", folder)
        # Files are named by where they lie on this machine, which is nobody's business.
        text = Path(folder, "static_index.html").read_text(encoding="utf-8")
        text = text.replace(f"{folder}/", "").replace(str(DBT_PROJECT), DBT_PROJECT.name)
    path = private_folder(settings.outbox / "dictionary") / "models.html"
    put_page(path, text)
    return path
