"""幸福清单: for each household one page that says in plain words what it is helped with, why, and how much."""
