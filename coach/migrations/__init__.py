"""The database's history, append-only. Run at start by coach.database, on SQLite and on PostgreSQL.

Both take plain `CREATE TABLE` with TEXT and INTEGER columns; what differs (a generated key, BLOB, triggers, full-text
search) is written for each, see `first_0001`.
"""
