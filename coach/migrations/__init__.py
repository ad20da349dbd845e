"""The database's history, append-only. Run at start by coach.records."""
