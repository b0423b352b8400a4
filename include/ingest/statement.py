"""The one statement that judges a file: every column's value, its reason, its keys, generated from the contract.

It is built in layers, each a projection over the one before, so that no expression is computed twice and every
layer may use the names of all earlier ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from include.contracts import Column, Contract
from include.ingest import identity_numbers, values
from include.ingest.landing import literal
from include.ingest.person_names import DAMAGED, folding_class
from include.ingest.regions import REGION_CODES, town_code_sql, village_code_sql
from include.ingest.schema import PLACE_COLUMNS, SQL_TYPES, quoted

# What the layers hold, in order, by the letter that their names begin with:
# whether cells have their column's plain form (p), cells made clean (x), placeholders gone (t), texts read as values
# (v, s, a, n), what follows from those (w, h and towns), what follows from that (identity numbers as integers i and j,
# villages of towns), dates and check digits of identity numbers (b, c), their faults (g), and each column's fault (f).
PLAIN, CLEANED, TEXTS, PARSED, DERIVED, FOLLOWED, CHECKED, NUMBER_FAULTS, FAULTS = range(9)

_OPEN_ENDED = ("until", "end_month", "end_on")
_UNREADABLE = {
    "date": "bad_date",
    "month": "bad_month",
    "money": "bad_money",
    "int": "bad_int",
    "number": "bad_number",
    "bool": "bad_bool",
    "enum": "bad_enum",
}


@dataclass
class _Statement:
    """The expressions of every layer, what landing gets, and how an unchanged value would have been written."""

    contract: Contract
    today: str
    layers: list[dict[str, str]] = field(default_factory=lambda: [{} for _ in range(9)])
    looks_up: set[int] = field(default_factory=set)
    landed: dict[str, str] = field(default_factory=dict)
    canonical: dict[str, str] = field(default_factory=dict)

    def add(self, column: Column) -> None:
        """Add a column to every layer."""
        name = column.name
        raw, cleaned, text = quoted(raw_name(column)), quoted(f"x_{name}"), quoted(f"t_{name}")
        if form := values.plain_form(column):
            self.layers[PLAIN][f"p_{name}"] = f"regexp_full_match({raw}, '{form}')"
        self.layers[CLEANED][f"x_{name}"] = _unless_plain(column, raw, values.clean_sql(raw))
        self.layers[TEXTS][f"t_{name}"] = f"CASE WHEN {values.blank_sql(column, cleaned)} THEN NULL ELSE {cleaned} END"
        self.canonical[name] = quoted(name)
        if column.type == "id_no":
            unreadable = self._add_id_no(column)
        elif column.type == "name":
            unreadable = self._add_name(column)
        elif column.type == "region":
            unreadable = self._add_region(column)
        elif column.type == "text":
            unreadable = self._add_text(column)
        else:
            unreadable = self._add_typed(column)
        missing = f"WHEN {text} IS NULL THEN " + ("'missing_required'" if column.required else "NULL")
        damaged = f"CASE WHEN is_damaged THEN {values.mojibake_sql(raw)} END"
        self.layers[FAULTS][f"f_{name}"] = f"CASE WHEN {damaged} THEN 'mojibake' {missing} {unreadable} END"

    def _add_typed(self, column: Column) -> str:
        name, text, value = column.name, quoted(f"t_{column.name}"), quoted(f"v_{column.name}")
        open_ended = any(mark in name for mark in _OPEN_ENDED)
        plain, other = f"try_cast({text} AS {SQL_TYPES[column.type]})", values.typed_sql(column, text, open_ended)
        self.layers[PARSED][f"v_{name}"] = _unless_plain(column, plain, other)
        self.landed[name] = f"CAST({value} AS {SQL_TYPES[column.type]})"
        if column.type != "enum":
            self.canonical[name] = _canonical_sql(column)
        beyond = f"WHEN abs({value}) > {column.at_most} THEN 'implausible_amount'" if column.at_most else ""
        return f"WHEN {value} IS NULL THEN {literal(_UNREADABLE[column.type])} {beyond}"

    def _add_text(self, column: Column) -> str:
        name, text, value = column.name, quoted(f"t_{column.name}"), quoted(f"v_{column.name}")
        identifier, is_lost = values.is_identifier(column), values.lost_identifier_sql(text)
        read = values.identifier_sql(text) if identifier else text
        if identifier and not column.required:
            # As with a person's number that nobody requires: the row stands without it, its raw text is kept.
            read = f"CASE WHEN NOT {is_lost} THEN {read} END"
        self.layers[PARSED][f"v_{name}"] = _unless_plain(column, text, read)
        self.landed[name] = value
        if column.keyed:
            self.landed[f"{name}_key"] = value
        if column.holds_id_no:
            looks_so = f"regexp_matches({value}, '^[1-9][0-9]{{16}}[0-9X]')"
            self.layers[DERIVED][f"h_{name}"] = f"CASE WHEN {looks_so} THEN left({value}, 18) END"
            self.landed[f"{name}_id_no_key"] = quoted(f"h_{name}")
        if not (identifier and column.required):
            return ""
        lost = _unless_plain(column, "false", is_lost)
        return f"WHEN {lost} THEN 'lost_precision' WHEN {value} IS NULL THEN 'missing_required'"

    def _add_id_no(self, column: Column) -> str:
        name, text = column.name, quoted(f"t_{column.name}")
        spelling, eighteen, fault = quoted(f"s_{name}"), quoted(f"w_{name}"), quoted(f"g_{name}")
        birth, fits = quoted(f"b_{name}"), quoted(f"c_{name}")
        self.layers[PARSED][f"s_{name}"] = _unless_plain(column, text, identity_numbers.spelling_sql(text))
        self.layers[DERIVED][f"w_{name}"] = _unless_plain(column, spelling, identity_numbers.eighteen_sql(spelling))
        high, low = quoted(f"i_{name}"), quoted(f"j_{name}")
        self.layers[FOLLOWED][f"i_{name}"], self.layers[FOLLOWED][f"j_{name}"] = identity_numbers.halves_sql(eighteen)
        self.layers[CHECKED][f"b_{name}"] = identity_numbers.birth_sql(eighteen)
        self.layers[CHECKED][f"c_{name}"] = identity_numbers.fits_sql(eighteen, high, low)
        self.layers[NUMBER_FAULTS][f"g_{name}"] = identity_numbers.fault_sql(
            spelling, eighteen, birth, fits, self.today
        )
        sound = f"CASE WHEN {fault} IS NULL THEN {eighteen} END"
        self.landed[name] = sound
        self.landed[f"{name}_key"] = sound
        self.landed[f"{name}_status"] = (
            f"CASE WHEN {fault} IS NULL AND {eighteen} IS NOT NULL "
            f"THEN CASE WHEN length({spelling}) = 15 THEN 'upgraded15' ELSE 'ok' END END"
        )
        # A number that nobody requires may be wrong: the row stands without it, its raw text is kept.
        return f"WHEN {spelling} IS NULL THEN 'missing_required' ELSE {fault}" if column.required else ""

    def _add_name(self, column: Column) -> str:
        name, text, value = column.name, quoted(f"t_{column.name}"), quoted(f"v_{column.name}")
        is_plain = quoted(f"n_{name}")
        self.layers[PARSED][f"n_{name}"] = _unless_plain(
            column, "true", f"regexp_full_match({text}, '{values.plain_form(column)}')"
        )
        self.layers[DERIVED][f"v_{name}"] = (
            f"CASE WHEN {is_plain} THEN {text} ELSE nullif(normalise_name({text}), '') END"
        )
        self.landed[name] = value
        self.landed[f"{name}_folded"] = (
            f"CASE WHEN regexp_matches({value}, '{folding_class()}') THEN fold_name({value}) ELSE {value} END"
        )
        self.landed[f"{name}_pattern"] = (
            f"CASE WHEN {is_plain} THEN NULL WHEN regexp_matches({value}, '[{DAMAGED}]') "
            f"THEN regexp_replace(fold_name({value}), '[{DAMAGED}]', '_', 'g') END"
        )
        return f"WHEN {value} IS NULL THEN 'missing_required'" if column.required else ""

    def _add_region(self, column: Column) -> str:
        name, alias = column.name, quoted(f"a_{column.name}")
        self.layers[PARSED][f"a_{name}"] = values.region_alias_sql(quoted(f"t_{name}"))
        layer = DERIVED if column.level == "town" else FOLLOWED
        self.looks_up.add(layer)
        if column.level == "town":
            self.layers[layer][f"v_{name}"] = town_code_sql(alias)
        else:
            towns = [other.name for other in self.contract.columns.values() if other.level == "town"]
            town = f"coalesce({quoted(f'v_{towns[0]}')}, '')" if towns else "''"
            self.layers[layer][f"v_{name}"] = village_code_sql(town, alias)
        self.landed[name] = quoted(f"v_{name}")
        return f"WHEN {quoted(f'v_{name}')} IS NULL THEN 'unresolved_region'" if column.required else ""


def _unless_plain(column: Column, plain: str, other: str) -> str:
    """What a cell in its column's plain form gives, and what any other does."""
    if values.plain_form(column) is None:
        return other
    return f"CASE WHEN {quoted(f'p_{column.name}')} THEN {plain} ELSE {other} END"


def raw_name(column: Column) -> str:
    """The name under which a column's untouched cell enters the statement."""
    return f"r_{column.name}"


def judged_sql(contract: Contract, source: str, today: str) -> str:
    """Every row of ``source`` with its landed columns, its raw cells and its ``reasons`` (NULL for a good row).

    ``source`` is a relation with ``r_<column>`` for each contract column (VARCHAR, NULL where the file lacks
    it), ``problem`` (a reason about the whole row, or NULL), ``is_damaged`` (some cell is), member, sheet,
    row_number, file_number, and ``place``, which orders the rows as they stand in their files. Where landing holds
    a keyed hash, the statement gives the value that is to be hashed.
    """
    statement = _Statement(contract, today)
    for column in contract.columns.values():
        statement.add(column)
    rows = f"SELECT * FROM {source}"
    for number, layer in enumerate(statement.layers):
        codes = f" CROSS JOIN {REGION_CODES}" if number in statement.looks_up else ""
        rows = f"SELECT rows.*{_selected(layer)} FROM ({rows}) AS rows{codes}"
    faults = [f"f_{name}" for name in contract.columns]
    bad = " OR ".join(f"{quoted(name)} IS NOT NULL" for name in ("problem", *faults))
    raws = "".join(f", {quoted(raw_name(column))}" for column in contract.columns.values())
    places = "".join(f", {name}" for name, _ in PLACE_COLUMNS)
    return (
        f"SELECT {_selected(statement.landed).removeprefix(', ')}{raws}{places}, file_number, place, "
        f"CASE WHEN {bad} THEN {_reasons(list(contract.columns))} END AS reasons FROM ({rows}) AS rows"
    )


def raw_struct_sql(contract: Contract, is_kept_whole: str) -> str:
    """The ``raw`` column over a judged relation: the raw cells that normalising changed, or every one where
    ``is_kept_whole`` holds.
    """
    statement = _Statement(contract, "NULL")
    for column in contract.columns.values():
        statement.add(column)
    fields = []
    for column in contract.columns.values():
        raw, written = quoted(raw_name(column)), statement.canonical[column.name]
        fields.append(
            f"{literal(column.name)}: CASE WHEN {is_kept_whole} OR {raw} IS DISTINCT FROM {written} THEN {raw} END"
        )
    return "{" + ", ".join(fields) + "}"


def _canonical_sql(column: Column) -> str:
    """How an unchanged cell of a typed column reads; what plainly reads so is not written out to be compared."""
    raw, value = quoted(raw_name(column)), quoted(column.name)
    if column.type == "bool":
        return f"CASE WHEN {value} THEN '是' WHEN NOT {value} THEN '否' END"
    written = f"strftime({value}, '%Y%m')" if column.type == "month" else f"CAST({value} AS VARCHAR)"
    plain = {
        "month": "[0-9]{6}",
        "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "money": "-?[0-9]{1,12}([.][0-9]{1,2})?",  # 50 and 50.00 are one amount, so neither is a change
        "number": "-?[0-9]{1,12}([.][0-9]{1,6})?",
    }.get(column.type)
    if plain is None:
        return written
    # What stands for no day may look like one: it is a change all the same, and its text is kept.
    is_plain = f"{value} IS NOT NULL AND regexp_full_match({raw}, '{plain}')"
    return f"CASE WHEN {is_plain} THEN {raw} ELSE {written} END"


def _selected(layer: dict[str, str]) -> str:
    return "".join(f", {expression} AS {quoted(name)}" for name, expression in layer.items())


def _reasons(columns: list[str]) -> str:
    # A problem of the whole row may name the column that it began in, behind an @.
    entries = [
        "CASE WHEN problem IS NOT NULL THEN {'column_name': nullif(split_part(problem, '@', 2), ''), "
        "'reason': split_part(problem, '@', 1)} END"
    ]
    entries += [
        f"CASE WHEN {quoted('f_' + name)} IS NOT NULL "
        f"THEN {{'column_name': {literal(name)}, 'reason': {quoted('f_' + name)}}} END"
        for name in columns
    ]
    return f"list_filter([{', '.join(entries)}], lambda entry: entry IS NOT NULL)"
