"""Stand-ins: nothing that names anybody leaves, and all of it comes back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.standin import LEFT_OUT, NAMES, PuttingBack, StandIns, stand_ins

PEOPLE = ["Amara Okafor", "Jonas Weiß", "James Brook", "Will Hope", "Mary-Jane O'Neill"]
TEXT = (
    "Amara's plan for Greenfield Logistics in Leeds worked. JONAS said so; the Okafors know it. Will you thank Will? "
    "James' report went to m.j@greenfield.co.uk, call 0113 496 0123 or +44 (0)20 7946 0958. amara, jonas and Mary-Jane were there. "
    "On Tuesday, 2026-11-17, the ICU was calm and she got 14 mm through. See https://greenfield.co.uk/report?id=7."
)
NAMED = "amara okafor jonas james mary-jane greenfield leeds 0113 7946 m.j@ greenfield.co.uk".split()


@pytest.fixture
def ours() -> StandIns:
    return stand_ins(PEOPLE, [TEXT])


def test_nothing_that_names_anybody_is_left(ours: StandIns) -> None:
    hidden = ours.hide(TEXT).lower()
    assert [name for name in NAMED if name in hidden] == []
    for kept in ("tuesday", "2026-11-17", "icu", "14 mm", "plan for", "report went"):
        assert kept in hidden


def test_all_of_it_comes_back(ours: StandIns) -> None:
    back = ours.put_back(ours.hide(TEXT))
    assert back == TEXT.replace("James' report", "James’s report").replace("amara, jonas", "Amara, Jonas")


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 50])
def test_it_comes_back_while_it_arrives(size: int, ours: StandIns) -> None:
    hidden, back = ours.hide(TEXT), PuttingBack(ours)
    pieces = [back.take(hidden[at : at + size]) for at in range(0, len(hidden), size)]
    assert "".join(pieces) + back.rest() == ours.put_back(hidden)
    assert not any(stand[:4] in piece for piece in pieces for stand in NAMES)


def test_one_name_has_one_stand_in(ours: StandIns) -> None:
    pairs = dict(ours.pairs)
    assert len(set(pairs.values())) == len(pairs)
    assert ours.hide("Amara and Amara’s AMARA").count(pairs["Amara"]) == 2


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("X's", "Amara's"), ("X’s", "Amara’s"), ("Xs", "Amaras"), ("X", "Amara"), ("(X)", "(Amara)"), ("X-led", "Amara-led"),
        ("X,", "Amara,"), ("**X**", "**Amara**"), ("“X”", "“Amara”"),
    ],
)  # fmt: skip
def test_inflected_and_possessive_forms_come_back(written: str, meant: str, ours: StandIns) -> None:
    assert ours.put_back(written.replace("X", dict(ours.pairs)["Amara"])) == meant
    assert ours.put_back(written.replace("X", dict(ours.pairs)["Amara"].upper())).upper() == meant.upper()


def test_a_name_that_ends_in_s(ours: StandIns) -> None:
    james = dict(ours.pairs)["James"]
    assert ours.put_back(f"{james}'s and the {james}s") == "James's and the Jameses"


@pytest.mark.parametrize(
    "bend", [lambda x: x + "chen", lambda x: x[:4] + "ie", lambda x: x + "ą", lambda x: x[:-1] + "ee’s"]
)
def test_what_cannot_be_put_back_is_a_blank(bend, ours: StandIns) -> None:  # type: ignore[no-untyped-def]
    bent = bend(dict(ours.pairs)["Amara"])
    assert ours.put_back(f"Thank you, {bent}.") == f"Thank you, {LEFT_OUT}."


def test_a_stand_in_that_occurs_in_the_text_is_not_used() -> None:
    ours = stand_ins(["Amara"], [f"Amara met {NAMES[0]} and {NAMES[1]}."])
    assert dict(ours.pairs)["Amara"] not in NAMES[:2]


def test_a_day_before_a_name_is_no_name() -> None:
    text = "On Tuesday Amara met Zoltana in December Zoltana left. And June Zoltana came."
    pairs = dict(stand_ins(["Amara"], [text]).pairs)
    assert {"Tuesday", "December"}.isdisjoint(pairs) and {"Amara", "Zoltana", "June"} <= set(pairs)


def test_no_names_no_change() -> None:
    plain = "She stayed late and fixed it."
    assert stand_ins([], [plain]).hide(plain) == plain == StandIns().put_back(plain)


def test_the_stand_ins_differ_from_their_first_four_letters_on() -> None:
    assert len({name[:4].lower() for name in NAMES}) == len(NAMES)
    assert all(re.fullmatch(r"[A-Z][a-z]{3,7}", name) and name[-1] not in "sxz" for name in NAMES)


@given(
    st.lists(
        st.sampled_from(["Amara", "okafor", "thanked", " ", ", ", "Jonas'", ".", "the", "İ", "\n", "ß"]), max_size=20
    )
)
def test_hiding_never_fails_and_leaves_no_known_name(parts: list[str]) -> None:
    text = "".join(parts)
    hidden = stand_ins(PEOPLE, [text]).hide(text)
    assert not re.search(r"(?<!\w)(?:amara|jonas)(?!\w)", hidden, re.IGNORECASE)
