"""# 幸福清单 · Write statements

Writes a page for each household, and a notice for each village that names no number, illness or child, from the
standing publication.

* **What arrives** nothing; somebody starts it when the month's figures are agreed.
* **Produces** `outbox/statements/<YYYYMM>/<town>/<village>/`, written whole or not at all.
* **Reads** only the published pair, never the warehouse.
"""

from airflow.sdk import dag, task

from dags.wiring import ONE_AT_A_TIME
from include import pipeline
from include.settings import Settings


@dag(schedule=None, doc_md=__doc__, tags=["deliver"], **ONE_AT_A_TIME)
def write_statements() -> None:
    """One task: write the pages and the notices."""

    @task
    def write_pages() -> int:
        """Write every household's page and every village's notice; says how many pages there are."""
        return pipeline.write_statements(Settings.from_environment())

    write_pages()


write_statements()
