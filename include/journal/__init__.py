"""What people did, in order and for good: one hash-chained table of steps of alerts, reveals, exports and decisions."""
