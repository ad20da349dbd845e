"""Who a text names, and notes that belong together."""

import numpy as np
import pytest

from coach.desk import NOTE_USED_ABOVE
from coach.embed import built_in_embedder
from coach.errors import SeveralPeople
from coach.principles import WORTH, Library, _shipped, learn, read_library
from coach.records import Person, find_person
from coach.retrieve import PrincipleWeights, in_the_order_of, people_named

WEI = Person(id="1", name="Wei Chen", aliases=("WC", "Little Wei"))
RUTHS = (Person(id="2", name="Ruth Adler"), Person(id="3", name="Ruth Baker"))
WILL = Person(id="4", name="Will Osei")
TEAM = (WEI, *RUTHS, WILL)


@pytest.mark.parametrize("text", ["wei kept bees", "Ask WC about it", "Mr Chen's van", "Little Wei again", "WEI CHEN"])
def test_a_person_is_named_by_any_of_their_names(text: str) -> None:
    assert people_named(TEAM, text) == (WEI,)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Ruth was late", ()),  # two people go by it: it names neither
        ("Ruth Baker was late", (RUTHS[1],)),
        ("Adler and Wei swapped", (WEI, RUTHS[0])),
        ("she will be late", ()),  # a word, no name
        ("I hear Will was late", (WILL,)),
        ("they weigh the bins", ()),  # a name inside a word is none
    ],
)
def test_only_who_is_clearly_named_is_named(text: str, named: tuple[Person, ...]) -> None:
    assert people_named(TEAM, text) == named


@pytest.mark.parametrize("name", ["Wei", "WC", "Mr Chen", "mr. chen", "Dr Chen"])
def test_a_person_is_found_by_another_name_or_a_surname(name: str) -> None:
    assert find_person(TEAM, name) == WEI


def test_two_people_with_one_surname_are_asked_about() -> None:
    with pytest.raises(SeveralPeople, match="Wei Chen or Lin Chen"):
        find_person((WEI, Person(id="9", name="Lin Chen")), "Mr Chen")


def test_the_learned_ranker_takes_every_principle_that_fits_a_graded_situation() -> None:
    whole = read_library()
    one = next(graded for graded in whole.graded if len(graded.principles) == 3)
    library = Library(
        whole.principles, [one, *(g for g in whole.graded if not set(g.principles) & set(one.principles))][:40]
    )
    vectors = np.random.default_rng(0).normal(size=(len(library.examples), 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    at = next(place for place, example in enumerate(library.examples) if example.text == one.text and example.graded)
    scores = PrincipleWeights(vectors, learn(library, vectors)).scores(vectors[at])
    ranked = sorted(one.principles, key=lambda name: -scores[[*library.by_id].index(name)])
    worth = [WORTH[one.principles[name]] for name in ranked]
    assert worth == sorted(worth, reverse=True)
    assert {library.principles[at].id for at in np.argsort(-scores)[:3]} == set(one.principles)


def test_what_was_learnt_is_shipped_and_learnt_anew_for_another_library() -> None:
    embedder, whole = built_in_embedder(), read_library()
    assert str(_shipped("learned", embedder.name)["of"]) == whole._contents, "run make library"  # type: ignore[index]
    assert whole.learned(embedder).shape == (len(whole.examples), len(whole.principles))
    other = Library(whole.principles, whole.graded[:5])
    assert np.allclose(other.learned(embedder), learn(other, other.vectors(embedder)))


def test_another_embedding_gives_the_order_and_the_built_in_one_the_scale() -> None:
    other, built_in = {"a": 0.91, "b": 0.93, "c": 0.92}, {"a": 0.5, "b": 0.1, "c": 0.3}
    assert in_the_order_of(other, built_in) == {"b": 0.5, "c": 0.3, "a": 0.1}
    assert in_the_order_of(other, {"a": 0.5, "b": 0.1}) == {"b": 0.5, "c": 0.1, "a": 0.1}, (
        "one has no built-in vector yet"
    )
    assert in_the_order_of({}, built_in) == {}


def test_where_only_another_embedding_ranks_none_is_like_enough_to_be_used_unasked() -> None:
    alone = in_the_order_of({"a": 0.91, "b": 0.93}, {})
    assert alone["b"] > alone["a"] and alone["b"] < NOTE_USED_ABOVE
