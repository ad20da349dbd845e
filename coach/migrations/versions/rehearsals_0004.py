"""Rehearsals: every branch of each talk, and what its debrief said."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    # Without a person_id where the leader rehearses with somebody who is not in the notebook.
    """CREATE TABLE rehearsals (
        id TEXT NOT NULL, owner TEXT NOT NULL, person_id TEXT REFERENCES people (id) ON DELETE CASCADE,
        person TEXT NOT NULL, folded TEXT NOT NULL, about TEXT NOT NULL, begun TEXT NOT NULL, kept INTEGER NOT NULL,
        state TEXT NOT NULL, learnt TEXT NOT NULL, PRIMARY KEY (owner, id))""",
    "CREATE INDEX rehearsals_of_person ON rehearsals (owner, person_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
