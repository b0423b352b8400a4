"""The warehouse: what builds it, what it is built from, and what of it is published."""
