"""What made each draft by a model: prompt, model, parameters, passages, the hash of the request; nothing of its text."""

from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

STATEMENTS = (
    # Without a person_id where nobody of that name is in the notebook yet.
    """CREATE TABLE drafts (
        id TEXT NOT NULL, owner TEXT NOT NULL, person_id TEXT REFERENCES people (id) ON DELETE CASCADE,
        at TEXT NOT NULL, made TEXT NOT NULL, PRIMARY KEY (owner, id))""",
    "CREATE INDEX drafts_for_person ON drafts (owner, person_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
