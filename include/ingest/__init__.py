"""Files in, landing and ledger out: one contract, one reader, one generated statement a file."""

from include.ingest.intake import Intake, departments, take_in

__all__ = ["Intake", "departments", "take_in"]
