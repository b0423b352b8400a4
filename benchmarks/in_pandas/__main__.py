"""What finding everybody in pandas costs, as one line of JSON."""

import json
import sys

from benchmarks.in_pandas.reading import find_all
from include.bench import cost_of
from include.privacy import guarded, mask_logging
from include.settings import Settings

if __name__ == "__main__":
    mask_logging()
    with guarded("bench pandas"):
        sys.stdout.write(json.dumps(cost_of(lambda: find_all(Settings.from_environment()))) + "\n")
