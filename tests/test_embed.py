"""Text to vectors with the real model, as shipped."""

import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from coach.embed import BATCH, DIMENSION, WEIGHTS_SHA256, Embed, Embedder, _MiniLM, built_in_embedder, weights_folder
from coach.errors import ModelMissing

CASES = Path(__file__).parent.parent / "eval" / "cases"
TEXTS = [
    "She stayed late.",
    "Er blieb länger.",
    "",
    "🙂🙂",
    "wörd " * 2_000,
    "她留下来了",
    "tea",
    "\u0000 nul",
    *(f"note {n}" for n in range(40)),
]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return built_in_embedder()


def test_vectors_are_of_unit_length(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), DIMENSION) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_text_gives_no_vector(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, DIMENSION)


def test_vectors_stand_in_the_order_of_their_texts(embedder: Embedder) -> None:
    assert len(TEXTS) > BATCH, "more than one batch, or the order is not put to the test"
    together = embedder.embed(TEXTS)
    alone = np.stack([embedder.embed([text])[0] for text in TEXTS])
    assert np.allclose(together, alone, atol=1e-4)
    assert np.allclose(embedder.embed(TEXTS[::-1])[::-1], together, atol=1e-4)


def test_what_means_the_same_is_nearer_than_what_shares_words(embedder: Embedder) -> None:
    asked, same, other = embedder.embed(
        ["She plays the violin", "Her hobby is a string instrument", "She plays the market"]
    )
    assert asked @ same > asked @ other


def test_threads_share_one_model_and_get_their_own_answers(embedder: Embedder) -> None:
    fresh = _MiniLM(_folder())  # so that the threads race for the loading too
    expected = embedder.meaning(TEXTS)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda text: fresh.embed([text])[0], TEXTS * 3))
    assert np.allclose(np.stack(answers), np.tile(expected, (3, 1)), atol=1e-4)


def _folder() -> Path:
    folder = weights_folder()
    assert folder is not None
    return folder


def test_the_weights_are_the_published_ones() -> None:
    assert hashlib.sha256((_folder() / "model.safetensors").read_bytes()).hexdigest() == WEIGHTS_SHA256


@pytest.mark.parametrize("change", ["one byte", "cut off"])
def test_changed_weights_are_refused(tmp_path: Path, change: str) -> None:
    folder = shutil.copytree(_folder(), tmp_path / "model")
    weights = folder / "model.safetensors"
    weights.chmod(0o600)
    with weights.open("r+b") as file:
        if change == "cut off":
            file.truncate(weights.stat().st_size // 2)
        else:
            file.seek(-100, 2)
            byte = file.read(1)
            file.seek(-100, 2)
            file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(ModelMissing, match="make setup"):
        _MiniLM(folder).embed(["anything"])


def _first_right(embed: Embed) -> float:
    """The share of development cases whose nearest note, of that person's, is one that matters."""
    cases = [json.loads(line) for line in (CASES / "notes-dev.jsonl").read_text("utf-8").splitlines()]
    notes = [json.loads(line) for line in (CASES / "notebook.jsonl").read_text("utf-8").splitlines()]
    vectors, right = embed([note["text"] for note in notes]), []
    for case, vector in zip(cases, embed([case["q"] for case in cases]), strict=True):
        about = [at for at, note in enumerate(notes) if case["to"] in (None, "", note["person"])]
        right.append(notes[about[int(np.argmax(vectors[about] @ vector))]]["id"] in case["relevant"])
    return float(np.mean(right))


def test_the_tuned_layers_find_what_matters_where_the_published_ones_do_not(embedder: Embedder) -> None:
    assert _first_right(embedder.embed) > _first_right(embedder.meaning) + 0.03
