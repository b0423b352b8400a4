"""What another set of policy values would do to today's people: who enters, who leaves, what it costs."""

from include.what_if.answer import Answer, answer, tier_labels
from include.what_if.question import Change, parse_changes
from include.what_if.report import show, write_report

__all__ = ["Answer", "Change", "answer", "parse_changes", "show", "tier_labels", "write_report"]
