"""Moments waiting to be told, talks that were had, and how often the leader wants to hear from whom."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE moments (
        owner TEXT NOT NULL, note_id TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, captured TEXT NOT NULL,
        PRIMARY KEY (owner, note_id), FOREIGN KEY (owner, note_id) REFERENCES notes (owner, id) ON DELETE CASCADE)""",
    """CREATE TABLE talks (
        owner TEXT NOT NULL, person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE, day TEXT NOT NULL,
        PRIMARY KEY (owner, person_id, day))""",
    """CREATE TABLE intervals (
        owner TEXT NOT NULL, person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE, days INTEGER NOT NULL,
        PRIMARY KEY (owner, person_id))""",
    "CREATE TABLE preferences (owner TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (owner, name))",
    "CREATE INDEX notes_by_date ON notes (owner, date)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
