"""All sixty rules over a landing folder, as one frame."""

from __future__ import annotations

import pandas as pd

from benchmarks.in_pandas.delivered import Frame, is_in
from benchmarks.in_pandas.findings import Findings
from include.settings import Settings
from include.warehouse import ledger


class Reading(Findings):
    """The rules, and in which months they say anything."""

    def found(self) -> Frame:
        """Everything that a rule finds in a month in which all that it names is there and not stale."""
        for step in (self.regions, self.words, self.exits, self.covers, self.payments, self.findings):
            step()
        fresh = self.newest[~self.newest.is_stale].groupby("m").dataset.agg(set)
        rosters = pd.read_csv(self.seeds / "rules" / "programme_roster.csv").groupby("programme").dataset.agg(set)
        evaluated = []
        for rule in pd.read_csv(self.seeds / "rules" / "rule_catalogue.csv", keep_default_na=False).itertuples():
            every, one_of = (set(filter(None, text.split(";"))) for text in (rule.requires, rule.requires_any))
            for programme in rule.programmes.split(";"):
                needs = every | (rosters[programme] if str(rule.needs_roster) == "True" and programme else set())
                evaluated += [(rule.rule_id, programme, m) for m in self.months.m
                              if needs <= fresh[m] and (not one_of or one_of & fresh[m])]  # fmt: skip
        hits = pd.concat(self.hits).drop_duplicates()
        kept = is_in(
            hits, pd.DataFrame(evaluated, columns=["rule_id", "programme", "m"]), ["rule_id", "programme", "m"]
        )
        return hits[kept].reset_index(drop=True)


def find_all(settings: Settings) -> Frame:
    """Every finding over a landing folder: rule_id, programme, m (a month's number), month (its first day), subject."""
    as_of = ledger.month_to_monitor(settings, ledger.known_deliveries(settings))
    found = Reading(settings.landing, as_of.first.year * 12 + as_of.first.month - 1).found()
    return found.assign(month=Reading.text(found.m))
