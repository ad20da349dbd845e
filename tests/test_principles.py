"""The library: its fixed ids, each principle complete, and vectors that belong to its texts."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from coach.embed import DIMENSION, built_in_embedder
from coach.errors import BadFile
from coach.principles import Library, Principle, _shipped_vectors, read_library

IDS = """
    act-consistently ask-specific-questions be-fully-present build-belonging celebrate-small-wins coach-in-the-moment
    communicate-proactively delegate-to-grow explain-the-why give-feedback-promptly greet-by-name guard-your-energy
    guide-not-blame help-newcomers invite-every-voice involved-not-micromanaging keep-a-notebook keep-a-steady-tone
    keep-small-promises lead-by-example learn-from-failure listen-actively mark-personal-moments name-the-behaviour
    notice-details one-on-ones open-meetings-with-thanks personal-attention practise-empathy praise-in-public
    reach-remote-people read-team-dynamics recognise-effort see-individual-strengths set-clear-expectations
    short-check-ins spot-small-improvements spread-peer-recognition stand-by-decisions state-your-intent step-in-early
    thank-unseen-work
""".split()
FAMILIES = set("presence growth trust recognition clarity connection empowerment professionalism".split())
SOURCES = {
    "Leaders Are in the Details",
    "Micro-Leadership Techniques Defined",
    "Micro-Moments Lead to Major Impact",
    "Micro-Leadership: How Small Actions Make You a Stronger Leader",
}
FEWEST_SITUATIONS = 12
TOO_ALIKE = 0.6
LIBRARY = read_library()


def test_the_ids_are_the_forty_two_fixed_ones() -> None:
    assert len(IDS) == 42
    assert sorted(principle.id for principle in LIBRARY.principles) == IDS


@pytest.mark.parametrize("principle", LIBRARY.principles, ids=lambda principle: principle.id)
def test_a_principle_is_complete(principle: Principle) -> None:
    assert 2 <= len(sentences(principle.text)) <= 3, principle.text
    for part in (principle.title, principle.fits, principle.not_when, principle.reason, principle.not_to_say):
        assert part.strip() == part and len(part) > 5
    assert principle.family in FAMILIES
    assert len(set(principle.situations)) >= FEWEST_SITUATIONS
    # None where it is nothing that can be said to a person.
    assert len(principle.phrasings.recognition) in (0, 2) and len(principle.phrasings.feedback) in (0, 2)
    assert principle.sources and set(principle.sources) <= SOURCES


def test_principles_that_cannot_be_said_are_the_exception() -> None:
    assert sum(bool(p.phrasings.recognition) for p in LIBRARY.principles) > 30
    assert sum(bool(p.phrasings.feedback) for p in LIBRARY.principles) > 30


@pytest.mark.parametrize(
    "path", sorted(Path(__file__).parent.parent.glob("coach/library/*.md")), ids=lambda path: path.stem
)
def test_a_file_is_named_by_its_id(path: Path) -> None:
    assert f"\nid: {path.stem}\n" in path.read_text("utf-8")


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]?[A-Z])", text.strip()) if part]


def grams(text: str) -> frozenset[str]:
    folded = re.sub(r"\W+", " ", text.casefold()).strip()
    return frozenset(folded[at : at + 5] for at in range(max(1, len(folded) - 4)))


def test_no_two_situations_of_the_library_are_nearly_the_same() -> None:
    texts = [(p.id, text, grams(text)) for p in LIBRARY.principles for text in p.situations]
    alike = [
        (texts[a][:2], texts[b][:2])
        for a, b in sharing_rare_grams([t[2] for t in texts])
        if jaccard(texts[a][2], texts[b][2]) >= TOO_ALIKE
    ]
    assert alike == []


def sharing_rare_grams(sets: Sequence[frozenset[str]]) -> set[tuple[int, int]]:
    """Every pair that can be TOO_ALIKE: such sets share one of their rarest grams (prefix filtering)."""
    often = Counter(gram for one in sets for gram in one)
    holders: defaultdict[str, list[int]] = defaultdict(list)
    pairs = set()
    for at, one in enumerate(sets):
        rarest = sorted(one, key=lambda gram: (often[gram], gram))[: len(one) - math.ceil(TOO_ALIKE * len(one)) + 1]
        for gram in rarest:
            pairs |= {(other, at) for other in holders[gram]}
            holders[gram].append(at)
    return pairs


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def test_near_duplicates_are_told_from_situations_that_share_a_subject() -> None:
    one = grams("Tunde calmed the upset family at two o'clock.")
    same = grams("Tunde calmed the upset family at three o'clock!")
    other = grams(
        "Tunde was upset when the family left at two o'clock."
    )  # no duplicate: the same words, another matter
    assert jaccard(one, same) >= TOO_ALIKE > jaccard(one, other)
    assert sharing_rare_grams([one, other, same]) >= {(0, 2)}


def test_a_graded_situation_names_principles_there_are() -> None:
    graded = [example for example in LIBRARY.examples if example.graded]
    assert len(graded) >= 300
    assert all(set(example.grades) <= set(IDS) and max(example.grades.values()) == 3 for example in graded)
    assert {name for example in graded for name, grade in example.grades.items() if grade == 3} == set(IDS)


def test_the_shipped_vectors_cover_every_example_and_no_other() -> None:
    assert set(_shipped_vectors(built_in_embedder().name)) == {example.id for example in LIBRARY.examples}, (
        "run 'make library'"
    )


def test_the_shipped_vectors_are_those_of_the_texts() -> None:
    embedder = built_in_embedder()
    shipped = LIBRARY.vectors(embedder)
    assert shipped.shape == (len(LIBRARY.examples), DIMENSION)
    some = range(0, len(LIBRARY.examples), 40)
    fresh = embedder.embed([LIBRARY.examples[at].text for at in some])
    assert np.allclose((shipped[list(some)] * fresh).sum(axis=1), 1, atol=2e-3)


def test_vectors_of_another_model_are_not_taken_for_this_ones() -> None:
    assert _shipped_vectors("another-model") == {}


def test_an_example_without_a_shipped_vector_is_computed() -> None:
    embedder = built_in_embedder()
    one = LIBRARY.principles[0].model_copy(update={"situations": ("A sentence nobody has shipped a vector for.",)})
    vectors = Library([one]).vectors(embedder)
    assert np.allclose(vectors[0], embedder.embed([one.situations[0]])[0], atol=1e-5)


@pytest.mark.parametrize(
    "content",
    ["no front matter", "---\nid: x\n---\ntext", "---\n: [\n---\n", "\xff"],
    ids=["none", "incomplete", "no YAML", "not UTF-8"],
)
def test_a_principle_that_cannot_be_read_names_its_file(tmp_path: Path, content: str) -> None:
    (tmp_path / "broken-one.md").write_bytes(content.encode("latin-1"))
    with pytest.raises(BadFile, match=r"broken-one\.md"):
        read_library(tmp_path)


def test_a_key_that_no_principle_has_is_refused(tmp_path: Path) -> None:
    text = (Path(__file__).parent.parent / "coach/library/one-on-ones.md").read_text("utf-8")
    (tmp_path / "one-on-ones.md").write_text(text.replace("---\n", "---\nmood: fine\n", 1), "utf-8")
    with pytest.raises(BadFile, match="mood"):
        read_library(tmp_path)
