"""Findings of the checker that the leader dismissed, with the reason."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE dismissals (
        id TEXT NOT NULL, owner TEXT NOT NULL, person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
        code TEXT NOT NULL, words TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (owner, id))""",
    "CREATE INDEX dismissals_to_person ON dismissals (owner, person_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
