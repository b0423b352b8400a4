"""How surely a row without a usable number speaks of a registered person: Splink's model, its weights, its threshold.

The weights are written down, not trained: the same rows give the same probability in every build. They were measured
on the synthetic district, as the threshold was (``docs/identity.md``); how common a name is comes from the register.
A link is a proposal to a person. No rule reads it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:  # imported where it is used: who only reads decisions never loads it
    from splink import SettingsCreator
    from splink.comparison_library import CustomComparison
    from splink.internals.comparison_level_creator import ComparisonLevelCreator

#: Above it a link is proposed, if nobody else reaches it for the same row.
THRESHOLD = 0.99
#: Below it a pair is not worth a line.
FLOOR = 0.5

CLAIM_COLUMNS = {
    "unique_id": "VARCHAR", "name_folded": "VARCHAR", "name_pattern": "VARCHAR", "former_name_folded": "VARCHAR",
    "birth_date": "DATE", "born_from": "DATE", "born_until": "DATE", "sex": "VARCHAR", "village_code": "VARCHAR",
    "town_code": "VARCHAR", "village_name": "VARCHAR", "town_name": "VARCHAR", "address": "VARCHAR",
}  # fmt: skip
"""What both sides of a link have; a side leaves empty what it does not know."""

_SAME_BUT_ONE = (
    "length(name_folded_l) = length(name_folded_r) and length(name_folded_l) between 2 and 6 and "
    + " + ".join(
        f"(substr(name_folded_l, {place}, 1) <> substr(name_folded_r, {place}, 1))::INTEGER" for place in range(1, 7)
    )
    + " = 1"
)
_HALF_A_BIRTH_DATE = (
    "(extract(year from birth_date_l) = extract(year from birth_date_r))::INTEGER"
    " + (extract(month from birth_date_l) = extract(month from birth_date_r))::INTEGER"
    " + (extract(day from birth_date_l) = extract(day from birth_date_r))::INTEGER = 2"
    " or extract(year from birth_date_l) = extract(year from birth_date_r)"
    " and extract(month from birth_date_l) = extract(day from birth_date_r)"
    " and extract(day from birth_date_l) = extract(month from birth_date_r)"
)
_IN_PLACE = "{0}_code_l = {0}_code_r or contains(address_l, {0}_name_r) or contains(address_r, {0}_name_l)"

# Each level: the condition, how often it holds for two rows of one person, and for rows of two people.
_LEVELS: dict[str, list[tuple[str, float, float]]] = {
    "birth": [
        ("birth_date_l = birth_date_r", 0.96, 0.00004),
        (f"birth_date_l is not null and birth_date_r is not null and ({_HALF_A_BIRTH_DATE})", 0.03, 0.002),
        ("birth_date_r between born_from_l and born_until_l or birth_date_l between born_from_r and born_until_r",
         0.98, 0.04),
        ("ELSE", 0.01, 0.96),
    ],
    "sex": [("sex_l = sex_r", 0.99, 0.5), ("ELSE", 0.01, 0.5)],
    "place": [
        (_IN_PLACE.format("village"), 0.88, 0.004),
        (_IN_PLACE.format("town"), 0.08, 0.08),
        ("ELSE", 0.04, 0.916),
    ],
}  # fmt: skip
_UNKNOWN = {
    "birth": "coalesce(birth_date_l, born_from_l) is null or coalesce(birth_date_r, born_from_r) is null",
    "sex": "sex_l is null or sex_r is null",
    "place": "coalesce(village_code_l, town_code_l, address_l) is null"
    " or coalesce(village_code_r, town_code_r, address_r) is null",
}
_BLOCKS = (
    "l.name_folded = r.name_folded",
    "l.name_folded = r.former_name_folded",
    "l.former_name_folded = r.name_folded",
    "l.birth_date = r.birth_date and l.village_code = r.village_code",
    "l.birth_date = r.birth_date and l.town_code = r.town_code and l.sex = r.sex",
)


def link(connection: duckdb.DuckDBPyConnection, claims: str, register: str, people: int) -> str:
    """Score the rows of table ``claims`` against the people of table ``register``; returns the table of pairs.

    Both have ``CLAIM_COLUMNS``; table ``name_frequency`` says how common each name is among the ``people`` of the
    whole register. The pairs have ``claim_id``, ``person_id``, ``match_probability`` and ``is_above_threshold``.
    """
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)  # its messages quote SQL
    database = DuckDBAPI(connection=connection)
    tables = []
    for side, table in (("claim", claims), ("person", register)):
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {side}_to_link AS SELECT {', '.join(CLAIM_COLUMNS)} FROM {table}"
        )
        tables.append(database.register(f"{side}_to_link", dataset_display_name=side))
    linker = Linker(tables, _settings(people), log_level=logging.ERROR)
    linker.table_management.register_term_frequency_lookup(database.register("name_frequency"), "name_folded")
    found = linker.inference.predict(threshold_match_probability=FLOOR, warning_mode="never")
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE identity_pair AS
        WITH pair AS (
            SELECT unique_id_l AS claim_id, unique_id_r AS person_id, match_probability
            FROM {found.physical_name} WHERE source_dataset_l = 'claim'
            UNION ALL
            SELECT unique_id_r, unique_id_l, match_probability
            FROM {found.physical_name} WHERE source_dataset_l <> 'claim'
        )
        SELECT *, match_probability >= {THRESHOLD} AND {only_one(THRESHOLD)} AS is_above_threshold FROM pair
        """
    )
    return "identity_pair"


def only_one(threshold: float) -> str:
    """SQL: nobody else reaches the threshold for the same row; of two who both do, neither is proposed."""
    return f"count(*) FILTER (WHERE match_probability >= {threshold}) OVER (PARTITION BY claim_id) = 1"


def _settings(people: int) -> SettingsCreator:
    from splink import SettingsCreator
    from splink.blocking_rule_library import CustomRule

    return SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=1 / max(people, 2),
        comparisons=[_name_comparison(), *(_comparison(name) for name in _LEVELS)],
        blocking_rules_to_generate_predictions=[CustomRule(rule) for rule in _BLOCKS],
        retain_matching_columns=False,
    )


def _name_comparison() -> CustomComparison:
    """The same name counts for as much as it is rare; a former name, a lost or a single other character for less."""
    from splink import comparison_level_library as levels
    from splink import comparison_library

    nearly = (
        "name_folded_l = former_name_folded_r or former_name_folded_l = name_folded_r"
        " or name_folded_r like name_pattern_l or name_folded_l like name_pattern_r"
    )
    return comparison_library.CustomComparison(
        output_column_name="name_folded",
        comparison_levels=[
            levels.NullLevel("name_folded"),
            levels.ExactMatchLevel("name_folded", term_frequency_adjustments=True).configure(
                m_probability=0.95, u_probability=0.0005
            ),
            levels.CustomLevel(nearly).configure(m_probability=0.02, u_probability=0.001),
            levels.CustomLevel(_SAME_BUT_ONE).configure(m_probability=0.02, u_probability=0.01),
            levels.ElseLevel().configure(m_probability=0.01, u_probability=0.9885),
        ],
    )


def _comparison(name: str) -> CustomComparison:
    from splink import comparison_level_library as levels
    from splink import comparison_library

    made: list[ComparisonLevelCreator | dict[str, Any]] = [
        levels.CustomLevel(_UNKNOWN[name]).configure(is_null_level=True)
    ]
    for condition, of_one, of_two in _LEVELS[name]:
        level = levels.ElseLevel() if condition == "ELSE" else levels.CustomLevel(condition)
        made.append(level.configure(m_probability=of_one, u_probability=of_two))
    return comparison_library.CustomComparison(output_column_name=name, comparison_levels=made)
