"""Nearest vectors by Chroma: the only module that imports chromadb.

Chroma holds vectors under random ids and an opaque owner key: no text, no names. It can always be rebuilt from the
records, so that whatever is wrong with its folder is mended by a new one.
"""

import hashlib
import http
import http.client
import math
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from filelock import FileLock, Timeout

from coach.embed import DIMENSION, NAME, Embedder, Vectors
from coach.errors import IndexBusy, IndexUnusable, ModelMissing

os.environ["ANONYMIZED_TELEMETRY"] = "False"

BATCH = 1_000
PRINCIPLES = "principles"
ASIDE = "index-broken-"
SYNC_NEVER = 1_000_000_000
"""Chroma's periodic rewrite of the vector file is what a kill can tear; without it opening replays its log."""
PROBE_SECONDS = 60
BYTES_A_ROW, BYTES_EMPTY = 2_400, 1_000_000
"""What Chroma's log takes for a row, measured over 3,000, and with none. It keeps what was deleted: see `_outgrown`."""
LARGEST_VECTOR_FILE = 4_000_000
"""Bytes. Never synchronised, Chroma's vector files stay as they are made, with room for 100 rows of 140 bytes and the
vector: 167,600 for the built-in model, 3.3 million for the widest there are (8,192 numbers). More is not ours, or torn."""
CONNECT_SECONDS = 3.0
PROBE = """
import sys
from coach.index import _client
client = _client(sys.argv[1])
for collection in client.list_collections():
    if collection.count():
        one = collection.get(limit=1, include=["embeddings"])["embeddings"]
        found = collection.query(query_embeddings=one, n_results=1, include=["distances"])
        assert found["ids"][0]
"""

Progress = Callable[[int, int], None]
"""Called with how many are done, of how many."""


def notes_collection(owner: str, embedder: str = "") -> str:
    """`embedder`: another than the built-in one, whose vectors lie beside."""
    of_owner = "notes-" + _short(owner)
    return f"{of_owner}-{_short(embedder)}" if embedder else of_owner


def _short(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


@contextmanager
def _answering() -> Iterator[None]:
    """A server that went away or a folder that was torn is IndexUnusable: the records can still be searched."""
    try:
        yield
    except Exception as error:  # Chroma raises whatever its transport or its store raised
        raise IndexUnusable("The search index does not answer. Rebuild it with 'coach reindex'.") from error


class Index:
    """An open Chroma, embedded (this process alone may use the folder) or a server."""

    def __init__(self, client: Any, lock: FileLock | None, folder: Path | None = None) -> None:
        self._client, self._lock, self._folder = client, lock, folder
        self._blank: set[Path] = set()
        self._asked: set[str] = set()
        self._known: dict[str, tuple[str, Any, set[str]]] = {}
        """Name -> embedder, collection and the ids in it, of a folder that nobody else writes to."""

    @_answering()
    def follow(
        self,
        name: str,
        embedder: str,
        ids: Sequence[str],
        vectors: Callable[[Sequence[str]], Vectors],
        progress: Progress,
    ) -> int:
        """Makes the collection hold exactly `ids`, computed by `embedder`. Returns how many were written or removed.

        `vectors` gives the rows [len(some), dimension] of some of the ids.
        """
        collection, held = self._held(name, embedder)
        stale, missing = sorted(held - set(ids)), [i for i in ids if i not in held]
        for start in range(0, len(stale), BATCH):
            collection.delete(ids=stale[start : start + BATCH])
            held -= set(stale[start : start + BATCH])
        for start in range(0, len(missing), BATCH):
            some = missing[start : start + BATCH]
            collection.upsert(ids=some, embeddings=vectors(some))
            held |= set(some)
            progress(start + len(some), len(missing))
        self._blank_files()
        self._asked.discard(name)
        return len(stale) + len(missing)

    def _held(self, name: str, embedder: str) -> tuple[Any, set[str]]:
        """The collection and the ids in it: asked for once where this process alone writes, a hundred thousand are slow."""
        if self._lock and name in self._known and self._known[name][0] == embedder:
            return self._known[name][1:]
        collection = self._collection(name, embedder)
        held = set(collection.get(include=[])["ids"])
        self._known[name] = embedder, collection, held
        return collection, held

    @_answering()
    def nearest(
        self, name: str, embedder: str, vector: Vectors, k: int, among: Sequence[str] | None = None
    ) -> dict[str, float]:
        """Id -> cosine similarity of the k nearest to `vector` [384], only `among` these ids where given."""
        if among is not None and not among:
            return {}
        known = self._known.get(name) if self._lock else None
        collection = known[1] if known and known[0] == embedder else self._collection(name, embedder)
        found = collection.query(
            query_embeddings=[vector], n_results=k, ids=None if among is None else list(among), include=["distances"]
        )
        if name not in self._asked:  # the files are made at the first question
            self._blank_files()
            self._asked.add(name)
        return {i: 1.0 - d for i, d in zip(found["ids"][0], found["distances"][0], strict=True)}

    def _blank_files(self) -> None:
        """Chroma makes its vector files of whatever lay in memory, which may be the vector of somebody who was forgotten.
        It never writes a row to them (SYNC_NEVER): it reads none, and blank they are as good."""
        for path in self._folder.glob("*/*.bin") if self._folder else ():
            if path.name in ("data_level0.bin", "length.bin") and path not in self._blank:
                with path.open("r+b") as file:
                    file.write(bytes(path.stat().st_size))
                self._blank.add(path)

    @_answering()
    def drop(self, name: str) -> None:
        self._known.pop(name, None)
        self._asked.discard(name)
        if name in {collection.name for collection in self._client.list_collections()}:
            self._client.delete_collection(name)

    @_answering()
    def drop_beside(self, owner: str, but: str) -> None:
        """The owner's notes by every embedder but the built-in one and `but` ("" for none)."""
        kept = notes_collection(owner, but)
        for name in [collection.name for collection in self._client.list_collections()]:
            if name.startswith(notes_collection(owner) + "-") and name != kept:
                self.drop(name)

    def close(self) -> None:
        # Chroma keeps one system per folder in this process: not closed, it would write to a folder made anew.
        self._client.close()
        for part in (self._client, self._client._admin_client):
            session = getattr(part._server, "_session", None)
            if session is not None:  # a server's: Chroma leaves its connections open
                session.close()
        if self._lock:
            self._lock.release()

    def _collection(self, name: str, embedder: str) -> Any:
        made = self._client.get_or_create_collection(
            name,
            embedding_function=None,
            metadata={"embedder": embedder},
            configuration={"hnsw": {"space": "cosine", "sync_threshold": SYNC_NEVER}},
        )
        if (made.metadata or {}).get("embedder") != embedder:
            self._client.delete_collection(name)
            return self._collection(name, embedder)
        return made


def rows_of(count: int, dimension: int) -> int:
    """As many built-in rows take the room of so many with `dimension` numbers."""
    return math.ceil(count * (BYTES_A_ROW + 4 * (dimension - DIMENSION)) / BYTES_A_ROW)


def open_index(folder: Path, url: str | None, rows: int = 0) -> Index:
    """Opens the server at `url`, else the folder; made anew where Chroma could not read it, or where it has outgrown
    the `rows` it is for.

    Raises IndexBusy when another process has the folder, IndexUnusable when Chroma does not answer.
    """
    if url:
        return Index(_server(url), None)
    lock = _have_alone(folder)
    try:
        if folder.exists() and not (_as_we_left_it(folder, rows) and _healthy(folder)):
            _set_aside(folder)
        with _answering():
            folder.mkdir(parents=True, exist_ok=True)
            return Index(_client(str(folder)), lock, folder)
    except BaseException:
        lock.release()
        raise


def _have_alone(folder: Path) -> FileLock:
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.parent / "index.lock", timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(
            "Coach is open in another window of this computer: search goes on without the index."
        ) from error
    return lock


def clear_index(folder: Path) -> None:
    """Removes the folder's contents; the next start rebuilds them. Raises IndexBusy when it is open elsewhere."""
    try:
        with FileLock(folder.parent / "index.lock", timeout=0):
            _set_aside(folder)
    except Timeout as error:
        raise IndexBusy("Coach is open in another window: close it and try again, or do this in the app.") from error


def _as_we_left_it(folder: Path, rows: int) -> bool:
    """Looks at the files alone: some faults crash, or fill the disk for, whoever lets Chroma open them."""
    store = folder / "chroma.sqlite3"
    files = [path for path in folder.rglob("*") if path.is_file()]
    if not files:
        return True
    if not store.is_file() or not all(os.access(path, os.R_OK | os.W_OK) for path in (folder, *files)):
        return False
    vectors = [path for path in files if path.parent != folder]
    if any(path.suffix != ".bin" or path.stat().st_size > LARGEST_VECTOR_FILE for path in vectors):
        return False
    return not _outgrown(store, rows)


def _outgrown(store: Path, rows: int) -> bool:
    return rows > 0 and store.stat().st_size > 2 * (BYTES_EMPTY + BYTES_A_ROW * rows)


def _healthy(folder: Path) -> bool:
    """Asks in a child process: a torn vector file can take down the process that opens it."""
    command = [sys.executable, "-c", PROBE, str(folder)]
    try:
        return subprocess.run(command, capture_output=True, timeout=PROBE_SECONDS, check=False).returncode == 0  # noqa: S603
    except subprocess.TimeoutExpired:
        return False


def _set_aside(folder: Path) -> None:
    """Out of the way by one rename, whatever is wrong inside; then gone, with what an earlier start could not remove."""
    if folder.exists():
        folder.rename(folder.with_name(f"{ASIDE}{uuid.uuid4().hex}"))
    for old in folder.parent.glob(f"{ASIDE}*"):
        for path in (old, *old.rglob("*")):
            path.chmod(0o700)
        shutil.rmtree(old, ignore_errors=True)


def _client(folder: str) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))


def _ask(scheme: str, host: str, port: int) -> None:
    """Raises OSError unless a Chroma server answers: Chroma's own client would wait for ever."""
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=CONNECT_SECONDS)
    try:
        connection.request("GET", "/api/v2/heartbeat")
        if connection.getresponse().status != http.HTTPStatus.OK:
            raise OSError("another program answers there")
    finally:
        connection.close()


def _server(url: str) -> Any:
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(url if "://" in url else f"http://{url}")
    try:
        _ask(parts.scheme, parts.hostname or "127.0.0.1", parts.port or 8000)
        client = chromadb.HttpClient(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 8000,
            ssl=parts.scheme == "https",
            settings=Settings(anonymized_telemetry=False),
        )
        client.heartbeat()
    except Exception as error:  # Chroma raises whatever its transport raised
        raise IndexUnusable(
            f"No Chroma server answers at {parts.netloc.rpartition('@')[2]}. "
            "Start it, or unset COACH_CHROMA_URL. Search goes on without it."
        ) from error
    return client


def downloaded_embedder() -> Embedder:
    """The same model as downloaded by Chroma before. Raises ModelMissing where it was not."""
    from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2 as Model

    if not (Path(Model.DOWNLOAD_PATH) / Model.EXTRACTED_FOLDER_NAME / "model.onnx").exists():
        raise ModelMissing(
            "The language model for search is missing. Run 'make setup', or 'coach doctor --download-model' "
            "to fetch it (80 MB). Until then search goes by words alone."
        )
    model = Model()

    def embed(texts: Sequence[str]) -> Vectors:
        return _unit(np.asarray(model(list(texts)), dtype=np.float32))

    return Embedder(NAME, embed, embed)


def download_model() -> None:
    """Fetches Chroma's copy of the model (80 MB): only when the leader asked for it."""
    from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2 as Model

    try:
        Model()._download_model_if_not_exists()
    except Exception as error:  # Chroma raises whatever its transport raised
        raise ModelMissing("The model could not be fetched: check the connection and try again.") from error


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors.reshape(-1, DIMENSION) / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def exact_nearest(ids: Sequence[str], vectors: Vectors, vector: Vectors, k: int) -> dict[str, float]:
    """The same answer as `Index.nearest` by comparing with every row: used while the index is not there."""
    if not ids:
        return {}
    similarity = vectors @ vector
    best = np.argpartition(-similarity, k)[:k] if k < len(ids) else np.arange(len(ids))
    best = best[np.argsort(-similarity[best], kind="stable")]
    return dict(zip([ids[at] for at in best], similarity[best].tolist(), strict=True))
