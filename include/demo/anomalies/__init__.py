"""Planted anomalies and near misses, a module a family of rules; each writes its truth as it changes the world."""
