"""The amounts in force in 2021, in cents, as the deliveries were paid by."""

from __future__ import annotations

import numpy as np

from include.demo.moments import WINDOW, age_in_month, month

STANDARD = np.array([71_000 if at < month(2021, 7) else 75_000 for at in WINDOW], dtype="int64")
"""The dibao standard, a month of the window each."""

EXTREME_RURAL, EXTREME_URBAN = 101_000, 194_500
CARE_SHARE = {"全自理": 10, "半护理": 20, "全护理": 40}
NURSING_RURAL, NURSING_URBAN = 8_000, 12_000
ORPHAN_INSTITUTION, ORPHAN_DISPERSED = 265_000, 185_500
SEVERE_CHILD, OTHER_CHILD = 111_300, 50_000
LIVING_SHARE = {"低保内重残": 40, "低保内非重残": 25, "低保外重残": 100, "三四级智力精神": 60, "一户多残依老养残": 60}


def elder_tariff(births: np.ndarray) -> np.ndarray:
    """Elder allowance by age, people × months of the window."""
    ages = np.stack([age_in_month(births, at) for at in WINDOW], axis=1)
    return np.select([ages >= 100, ages >= 90, ages >= 80], [30_000, 10_000, 5_000], 0)


def elder_band(age: int) -> str:
    """The age band an age falls into."""
    return "100+" if age >= 100 else "90-99" if age >= 90 else "80-89" if age >= 80 else "below80"
