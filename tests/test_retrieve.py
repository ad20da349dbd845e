"""Who a text names, and notes that belong together."""

import numpy as np
import pytest

from coach.desk import NOTE_USED_ABOVE
from coach.errors import SeveralPeople
from coach.principles import read_library
from coach.records import Person, find_person
from coach.retrieve import WORTH, PrincipleWeights, in_the_order_of, people_named

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
    library = read_library()
    one = next(example for example in library.examples if example.graded and len(example.grades) == 3)
    vectors = np.zeros((len(library.examples), 8), np.float32)
    vectors[[example.id == one.id for example in library.examples], 0] = 100.0
    scores = PrincipleWeights(library, vectors).scores(vectors[[e.id for e in library.examples].index(one.id)])
    places = {principle.id: at for at, principle in enumerate(library.principles)}
    ranked = sorted(one.grades, key=lambda name: -scores[places[name]])
    assert [WORTH[one.grades[name]] for name in ranked] == sorted((WORTH[g] for g in one.grades.values()), reverse=True)
    assert {library.principles[at].id for at in np.argsort(-scores)[:3]} == set(one.grades)


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
