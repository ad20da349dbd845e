"""Messages on their way out, what became of them, and where a person can be reached."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE deliveries (
        token TEXT PRIMARY KEY, owner TEXT NOT NULL, message_id TEXT NOT NULL, via TEXT NOT NULL, digest TEXT NOT NULL,
        state TEXT NOT NULL, detail TEXT NOT NULL, changed DOUBLE PRECISION NOT NULL)""",
    # What makes sending twice impossible, whatever clicks, tabs and processes do: one row on its way for each message.
    """CREATE UNIQUE INDEX one_delivery_of_a_message ON deliveries (owner, message_id)
        WHERE state IN ('waiting', 'sending', 'sent', 'unknown')""",
    "ALTER TABLE people ADD COLUMN email TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE people ADD COLUMN slack TEXT NOT NULL DEFAULT ''",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
