"""For analysts: metrics by name, and SQL over a publication that can do nothing but read it."""
