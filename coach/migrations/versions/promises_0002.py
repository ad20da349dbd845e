"""What the leader promised, or was promised, by when, and what became of it."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE promises (
        id TEXT NOT NULL, owner TEXT NOT NULL, person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
        promised_by TEXT NOT NULL, what TEXT NOT NULL, due TEXT, made TEXT NOT NULL, state TEXT NOT NULL,
        why TEXT NOT NULL, settled TEXT, source TEXT NOT NULL, source_id TEXT NOT NULL, sample INTEGER NOT NULL,
        PRIMARY KEY (owner, id))""",
    "CREATE INDEX promises_to_person ON promises (owner, person_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
