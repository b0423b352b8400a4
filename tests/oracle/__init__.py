"""A second reading of the rules in plain Python, and a small random district on which both must agree."""
