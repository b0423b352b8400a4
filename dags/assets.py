"""Every asset of the pipeline, once: what one DAG finishes and the next one waits for."""

from airflow.sdk import Asset, AssetAlias

from include.pipeline import DEPARTMENTS

INBOX_SWEEP = Asset("inbox_sweep", uri="doudi://inbox/sweep")
TAKEN_IN = {name: Asset(f"taken_in_{name}", uri=f"doudi://landing/{name}") for name in DEPARTMENTS}
WAREHOUSE = Asset("warehouse", uri="doudi://warehouse/build")
CHECKED = Asset("checked_warehouse", uri="doudi://warehouse/checked")
PUBLICATION = Asset("publication", uri="doudi://published/marts")
OUTBOX = Asset("outbox", uri="doudi://outbox/worklists")

# A build ends in a new warehouse or, when nothing has come in, in the standing publication.
BUILD_RESULT = AssetAlias("build_result")
