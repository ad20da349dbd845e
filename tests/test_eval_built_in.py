"""The built-in drafter as a subject: what it is given of one case is gone before the next."""

from collections.abc import Iterator

import pytest

from eval.built_in import BuiltIn
from eval.case import Case
from tests.test_eval_suite import a_case

TOLD = "Fatima counted the drugs again on Sunday night. She found the missing ampoule."
NOTE = {"id": "n1", "text": "Fatima covered two night shifts in March.", "date": "2026-11-01"}


def message(to: str, **more: object) -> Case:
    said = {"situation": TOLD, "to": to, "kind": "recognition", "channel": "direct", "pronouns": "she"}
    return Case.model_validate(a_case(0, input=said, checks=["form"], **more))


NOTED = message("Fatima Larsson", notes=[NOTE])
SOUGHT = Case.model_validate(
    a_case(2, suite="retrieval", input={"q": "lockers", "to": "Fatima Zahra Benali", "notebook": "notebook"}, gold={})
)
TALK = Case.model_validate(
    a_case(3, suite="rehearsal", input={"to": "Fatima Otero", "about": TOLD, "say": ["You found it."]}, gold={})
)


@pytest.fixture(scope="module")
def subject() -> Iterator[BuiltIn]:
    opened = BuiltIn()
    yield opened
    opened.close()


@pytest.mark.parametrize("other", [NOTED, SOUGHT, TALK], ids=["noted", "sought", "rehearsed"])
def test_no_case_meets_anybody_of_another(other: Case, subject: BuiltIn) -> None:
    """Or what is scored would hang on the order in which cases are run: a namesake's surname was put into a message."""
    before = subject.answer(message("Fatima"))
    subject.answer(other)
    assert subject.desk.records.people() == ()
    assert subject.answer(message("Fatima")) == before and before.message.startswith("Fatima, you counted")


def test_a_case_finds_its_own_notes(subject: BuiltIn) -> None:
    assert subject.retrieve(NOTED).notes == ("n1",)
    assert subject.retrieve(message("Fatima Larsson")).notes == ()


def test_a_notebook_is_searched(subject: BuiltIn) -> None:
    assert len(subject.answer(SOUGHT).ranked) == 10
