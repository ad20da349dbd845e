"""Vectors of notes by the embedding endpoint that the leader chose, beside the built-in ones."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLE = """CREATE TABLE other_vectors (
    owner TEXT NOT NULL, note_id TEXT NOT NULL, embedder TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (owner, embedder, note_id),
    FOREIGN KEY (owner, note_id) REFERENCES notes (owner, id) ON DELETE CASCADE)"""


def upgrade() -> None:
    op.execute(TABLE.replace("BLOB", "BYTEA") if op.get_context().dialect.name == "postgresql" else TABLE)
    op.execute("CREATE INDEX other_vectors_of_note ON other_vectors (owner, note_id)")
