"""People, notes, messages, the text being written, and the full-text index of notes."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE people (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL, role TEXT NOT NULL,
        pronouns TEXT NOT NULL, start_date TEXT, birthday TEXT NOT NULL, prefers TEXT NOT NULL,
        aliases TEXT NOT NULL, sample INTEGER NOT NULL, UNIQUE (owner, folded))""",
    # An explicit integer key: VACUUM renumbers implicit ones, and the full-text index points at them.
    """CREATE TABLE notes (
        row INTEGER PRIMARY KEY, id TEXT NOT NULL, owner TEXT NOT NULL,
        person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE, date TEXT NOT NULL, kind TEXT NOT NULL,
        private INTEGER NOT NULL, text TEXT NOT NULL, sample INTEGER NOT NULL, revision TEXT NOT NULL UNIQUE,
        vector BLOB, embedder TEXT NOT NULL, UNIQUE (owner, id))""",
    "CREATE INDEX notes_of_person ON notes (owner, person_id)",
    """CREATE TABLE messages (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
        situation TEXT NOT NULL, kind TEXT NOT NULL, channel TEXT NOT NULL, drafted TEXT NOT NULL, text TEXT NOT NULL,
        happened TEXT, sent_at TEXT NOT NULL, sources TEXT NOT NULL, sample INTEGER NOT NULL)""",
    "CREATE INDEX messages_to_person ON messages (owner, person_id)",
    "CREATE TABLE writings (owner TEXT PRIMARY KEY, state TEXT NOT NULL)",
    "CREATE TABLE edits (total INTEGER NOT NULL)",
    "INSERT INTO edits VALUES (0)",
    "CREATE VIRTUAL TABLE notes_fts USING fts5 (text, content='notes', content_rowid='row', tokenize='porter unicode61')",
    """CREATE TRIGGER note_added AFTER INSERT ON notes BEGIN
        INSERT INTO notes_fts (rowid, text) VALUES (new.row, new.text);
        UPDATE edits SET total = total + 1; END""",
    """CREATE TRIGGER note_deleted AFTER DELETE ON notes BEGIN
        INSERT INTO notes_fts (notes_fts, rowid, text) VALUES ('delete', old.row, old.text);
        UPDATE edits SET total = total + 1; END""",
    """CREATE TRIGGER note_changed AFTER UPDATE ON notes BEGIN
        INSERT INTO notes_fts (notes_fts, rowid, text) VALUES ('delete', old.row, old.text);
        INSERT INTO notes_fts (rowid, text) VALUES (new.row, new.text);
        UPDATE edits SET total = total + 1; END""",
)


# PostgreSQL has the same tables. Full-text search is an index there, and a statement counts as one edit.
ON_SERVER = (
    STATEMENTS[0],
    STATEMENTS[1]
    .replace("row INTEGER PRIMARY KEY", "row BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
    .replace("vector BLOB", "vector BYTEA"),
    STATEMENTS[2],
    STATEMENTS[3].replace("id TEXT PRIMARY KEY", "rowid BIGINT GENERATED ALWAYS AS IDENTITY, id TEXT PRIMARY KEY"),
    *STATEMENTS[4:8],
    "CREATE INDEX words_of_notes ON notes USING gin (to_tsvector('english', text))",
    """CREATE FUNCTION count_edit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE edits SET total = total + 1; RETURN NULL; END $$""",
    """CREATE TRIGGER notes_edited AFTER INSERT OR UPDATE OR DELETE ON notes
        FOR EACH STATEMENT EXECUTE FUNCTION count_edit()""",
)


def upgrade() -> None:
    for statement in ON_SERVER if op.get_context().dialect.name == "postgresql" else STATEMENTS:
        op.execute(statement)
