"""Drafting with the tiny real model: names leave as stand-ins and come back as it streams; what it makes up is mended once."""

import json
from dataclasses import replace

import pytest

from coach import drafting, model
from coach.compose import Prepared, repair
from coach.desk import Asked, Desk
from coach.endpoint import Endpoint
from coach.exchange import person_named
from coach.model import open_model
from coach.request import Model, Request
from tests.test_drafting import HAPPENED, told

TELLS = f"{HAPPENED} Okafor’s plan for Brightwell did it."


def saying(prepared: Prepared, text: str) -> Prepared:
    """A schema that leaves it this one text to write: its own tokens, one after the other, through the server's stream."""
    schema = {"enum": [prepared.standins.hide(text)]}
    return replace(prepared, request=replace(prepared.request, schema=schema, max_tokens=200))


def watched(asking: Model, left: list[Request]) -> Model:
    def ask(request: Request):  # type: ignore[no-untyped-def]
        left.append(request)
        return asking(request)

    return ask


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine reads a whole prompt slowly; how long is waited for is tested elsewhere."""
    for name in ("FIRST_BYTE_SECONDS", "BETWEEN_CHUNKS_SECONDS", "WHOLE_SECONDS"):
        monkeypatch.setattr(model, name, 900.0)


@pytest.fixture
def asked(desk: Desk, tiny_model: Endpoint) -> Asked:
    person_named(desk, "Amara Okafor")
    return desk.prepare(told(text=TELLS, to="Amara Okafor"), hide_names=True, where=tiny_model)


def test_names_leave_as_stand_ins_and_come_back_as_the_tiny_model_streams(asked: Asked, tiny_model: Endpoint) -> None:
    message = "Amara, your plan for Brightwell worked: Okafor’s list, and AMARA’s patience."
    left: list[Request] = []
    wanted = saying(asked.prepared, message)
    asking, pieces = drafting.ask(watched(open_model(tiny_model), left), wanted, lambda: wanted), []
    while True:
        try:
            pieces.append(next(asking))
        except StopIteration as done:
            drafted = done.value
            break
    names = ("Amara", "Okafor", "Brightwell")
    assert [name for name in names if name.lower() in str(left).lower()] == []
    assert all(stand in str(left) for stand in (dict(asked.prepared.standins.pairs)[name] for name in names))
    arrived = [piece for piece in pieces if isinstance(piece, str) and piece]
    assert len(arrived) > 5, "it came in pieces"
    assert json.loads("".join(arrived)) == message == json.loads(drafted.text)
    stand_ins = [stand[:4].lower() for _, stand in asked.prepared.standins.pairs]
    assert not any(stand in piece.lower() for piece in arrived for stand in stand_ins), "no stand-in was ever shown"


def test_the_tiny_model_is_asked_once_more_without_what_it_made_up(
    desk: Desk, asked: Asked, tiny_model: Endpoint
) -> None:
    good = "Amara, on Tuesday you walked the new clerk through the booking screen, so nobody had to queue twice."
    made_up = f"{good} The board praised you for saving 40,000 pounds."
    first = drafting.whole(
        drafting.ask(open_model(tiny_model), saying(asked.prepared, made_up), lambda: asked.prepared)
    )
    reply = desk.answered(asked, replace(first, text=json.loads(first.text)))
    objections = [one.text for one in reply.findings if one.code == "unsupported-claim"]
    assert objections and all("40,000" in one for one in objections)

    left: list[Request] = []
    again = saying(repair(asked.prepared, reply.draft.message, objections), good)
    second = drafting.whole(drafting.ask(watched(open_model(tiny_model), left), again, lambda: again))
    mended = desk.answered(asked, replace(second, text=json.loads(second.text)))
    assert [turn.role.value for turn in left[0].turns] == ["system", "user", "assistant", "user"]
    assert "40,000" in left[0].turns[-1].text and "Amara" not in str(left)
    assert mended.draft.message == good and not any(one.code == "unsupported-claim" for one in mended.findings)
    assert len(desk.records.drafts()) == 2, "both tries are on record"
