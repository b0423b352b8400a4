"""The words that published columns may hold, as the interface fixes them."""

from __future__ import annotations

PROGRAMMES = (
    "dibao",
    "dibao_single",
    "extreme_poverty",
    "dibao_edge",
    "rigid_expenditure",
    "disability_living",
    "disability_nursing",
    "elder_allowance",
    "orphan",
    "unattended_child",
    "child_in_difficulty",
    "temporary_assistance",
)
LADDER = ("extreme_poverty", "dibao", "dibao_single", "dibao_edge", "rigid_expenditure", "none")
DIRECTIONS = ("exit", "cover", "payment", "quality")
SUBJECT_TYPES = ("person", "household", "payment", "delivery")
SEVERITIES = ("critical", "high", "medium", "low")
ALERT_STATES = ("open", "cleared", "recalled")
MATCH_GRADES = ("M1", "M2", "M3", "M4")
EVALUATION_STATES = ("evaluated", "not_evaluated", "error")
DELIVERY_STATES = ("accepted", "held", "quarantined", "superseded", "duplicate")
REGION_LEVELS = ("district", "town", "village")
CATALOGUE_SIZE = 60

PUBLISHED_SCHEMAS = ("core", "monitoring", "reporting", "quality")
