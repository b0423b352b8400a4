"""An alert's life with people: who may take which step when, what it leaves, and what came back from villages."""
