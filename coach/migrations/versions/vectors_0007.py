"""Which notes have a vector by which model, without reading the vectors: they lie before the model's name in a row."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX vectors_of_notes ON notes (owner, embedder, revision)")
