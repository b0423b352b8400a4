"""No column that says who somebody is may stand in a published schema."""

from __future__ import annotations

from expectations.suites.values import PUBLISHED_SCHEMAS
from expectations.vocabulary import Suite, no_rows, rows_at_least

_SCHEMAS = ", ".join(f"'{schema}'" for schema in PUBLISHED_SCHEMAS)
_CATALOGUE = (
    "select schema_name || '.' || table_name as table_name, column_name from duckdb_columns() "
    f"where database_name = 'wh' and schema_name in ({_SCHEMAS})"
)
# dim_region.name is the name of a place, title and label columns are ours.
_PERSONAL = (
    "select table_name, column_name from {batch} where "
    "column_name in ('id_no', 'household_no', 'certificate_no', 'account_no', 'account_name', 'plate_no', 'phone', "
    "'address', 'birth_date', 'died_on', 'head_name', 'owner_name', 'guardian_name', 'verified_by', 'unit_no') "
    "or ends_with(column_name, '_id_no') or ends_with(column_name, '_secret') "
    "or ends_with(column_name, '_folded') or ends_with(column_name, '_pattern') or column_name like 'raw%' "
    "or (column_name = 'name' and table_name <> 'core.dim_region') or column_name like '%restricted%'"
)


def suites() -> list[Suite]:
    """One suite over the catalogue of the published schemas."""
    return [
        Suite(
            "publication.privacy",
            "published columns",
            _CATALOGUE,
            [
                rows_at_least(1),
                no_rows(
                    "no_personal_columns",
                    _PERSONAL,
                    "公开层没有能认出个人的列",
                    "no published column says who somebody is",
                ),
            ],
        )
    ]
