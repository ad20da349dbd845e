"""A draft by a model, from the situation to the message: what leaves, what comes back, and what happens when it fails."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from coach import drafting, model
from coach.access import Chosen, choose, endpoint, keep_key, kept_key
from coach.compose import repair
from coach.contract import draft_reply
from coach.desk import Desk
from coach.dialogue import Dialogue
from coach.draft import SLOT
from coach.endpoint import Endpoint
from coach.errors import RateLimited, TooLong
from coach.exchange import export_all, import_all, person_named
from coach.model import open_model
from coach.records import Note, new_id
from coach.request import Answer, Request
from coach.settings import read_settings
from coach.situation import Channel, Kind, Situation
from tests.model_servers import ScriptedServer, answers, chunk, fails, streams
from tests.test_model import BROKEN, STATUS

Servers = Callable[..., ScriptedServer]
HAPPENED = "On Tuesday Amara walked the new clerk through the booking screen, so nobody had to queue twice."
GOOD = "Amara, on Tuesday you walked the new clerk through the booking screen, so nobody had to queue twice. Thank you."
ASKED = {"situation": HAPPENED, "to": "Amara", "kind": "recognition", "channel": "direct", "today": "2026-11-20"}


def use(desk: Desk, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", server.key)
    monkeypatch.setenv("COACH_MODEL", "scripted")
    desk.model_changed()


def told(**more: Any) -> Situation:
    made = {
        "text": HAPPENED,
        "to": "Amara",
        "kind": Kind.RECOGNITION,
        "channel": Channel.DIRECT,
        "today": date(2026, 11, 20),
    }
    return Situation(**(made | more))


def note(desk: Desk, person: str, text: str, private: bool = False) -> Note:
    who = person_named(desk, person)
    made = Note(
        id=new_id(), person_id=who.id, person=who.name, date=date(2026, 11, 2), kind="observation", private=private, text=text
    )  # fmt: skip
    desk.keep_notes([made])
    return made


def test_the_models_draft_is_traced_and_says_what_made_it(
    desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = scripted(streams(GOOD))
    use(desk, server, monkeypatch)
    reply = draft_reply(desk, ASKED)
    assert reply["message"] == GOOD and not reply["findings"]
    assert {clause["source"] for clause in reply["clauses"]} <= {"situation", "courtesy"}
    by = reply["drafter"]
    assert (by["name"], by["model"], by["tokens_in"], by["tokens_out"]) == ("model", "scripted", 11, 7)
    assert by["prompt"].startswith("recognition/v1@") and len(by["request"]) == 64 and by["retrieved"]
    assert "fallback" not in by
    sent = json.dumps(server.requests[0], ensure_ascii=False)
    assert "booking screen" in sent and SLOT in sent


def test_what_a_model_makes_up_is_found(desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    made_up = GOOD.replace(" Thank you.", " The board praised you for saving 40,000 pounds.")
    use(desk, scripted(streams(made_up)), monkeypatch)
    reply = draft_reply(desk, ASKED)
    assert [finding["code"] for finding in reply["findings"]] == ["unsupported-claim"]
    assert any(clause["source"] == "none" and "40,000" in clause["text"] for clause in reply["clauses"])


def test_asking_for_the_built_in_draft_sends_nothing(
    desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = scripted(streams(GOOD))
    use(desk, server, monkeypatch)
    assert draft_reply(desk, ASKED | {"drafter": "built-in"})["drafter"]["name"] == "built-in"
    assert not server.requests


def test_without_a_model_the_built_in_draft_answers(desk: Desk) -> None:
    assert "fallback" not in draft_reply(desk, ASKED)["drafter"]
    assert draft_reply(desk, ASKED | {"drafter": "model"})["drafter"]["fallback"]["code"] == "unreachable"


CODES = {"401 repeating the end of the key": "unauthorised", "404 model": "not-found", "quota used up": "quota", "500": "server-error",
         "400 context of llama.cpp": "too-long", "429 without Retry-After": "rate-limited"}  # fmt: skip
SOME = (
    "cut without a reason",
    "too long for the limit",
    "filtered",
    "a web page",
    "null choices",
    "not streamed, null",
    "invalid UTF-8",
)
FAULTS = {name: (STATUS[name][0], code) for name, code in CODES.items()} | {
    name: (BROKEN[name][0], BROKEN[name][1].code) for name in SOME
}
"""One or two for each code; tests/test_model.py has them all."""


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_fails_the_built_in_draft_answers_and_says_why(
    fault: str, desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafting, "WAIT_SECONDS", 0.05)
    script, code = FAULTS[fault]
    server = scripted(script)
    use(desk, server, monkeypatch)
    reply, plain = draft_reply(desk, ASKED), draft_reply(desk, ASKED | {"drafter": "built-in"})
    assert reply["drafter"]["fallback"]["code"] == code and reply["drafter"]["name"] == "built-in"
    sentence = reply["drafter"]["fallback"]["message"]
    assert sentence.endswith(".") and server.key[-4:] not in json.dumps(reply)
    assert {**reply, "drafter": 0} == {**plain, "drafter": 0}, "the built-in draft, whole, and nothing of the other"


def test_a_refusal_in_words_is_no_message(desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    use(desk, scripted(streams("I'm sorry, but I can't help with that request.")), monkeypatch)
    assert draft_reply(desk, ASKED)["drafter"]["fallback"]["code"] == "refused"


def test_a_busy_server_is_waited_for_as_long_as_it_asks(
    desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = scripted(fails(429, retry_after="2"), streams(GOOD))
    use(desk, server, monkeypatch)
    asked = desk.prepare(told())
    slept: list[float] = []
    said = list(drafting.ask(open_model(server.endpoint), asked.prepared, asked.tighter, slept.append))
    waits = [one.seconds for one in said if isinstance(one, drafting.Waiting)]
    assert waits[0] == 2 and waits == sorted(waits, reverse=True) and sum(slept) == pytest.approx(2)
    assert "".join(one for one in said if isinstance(one, str)) == GOOD


def test_a_wait_can_be_left(desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    server = scripted(fails(429, retry_after="9"), streams(GOOD))
    use(desk, server, monkeypatch)
    asked = desk.prepare(told())
    asking = drafting.ask(open_model(server.endpoint), asked.prepared, asked.tighter, lambda _: None)
    while not isinstance(next(asking), drafting.Waiting):
        pass
    asking.close()
    assert len(server.requests) == 1


def test_a_server_that_asks_for_an_hour_is_not_waited_for(
    desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = scripted(fails(429, retry_after="3600"))
    use(desk, server, monkeypatch)
    asked = desk.prepare(told())
    with pytest.raises(RateLimited):
        list(drafting.ask(open_model(server.endpoint), asked.prepared, asked.tighter))
    assert len(server.requests) == 1


def test_what_is_too_long_is_sent_once_more_and_shorter(
    desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = told(text=HAPPENED + " She stayed until seven." * 60)
    server = scripted(fails(400, "maximum context length is 512 tokens"), streams(GOOD))
    use(desk, server, monkeypatch)
    asked = desk.prepare(long)
    drafted = drafting.whole(drafting.ask(open_model(server.endpoint), asked.prepared, asked.tighter))
    assert drafted.text == GOOD
    first, second = (json.dumps(request) for request in server.requests)
    assert len(second) < len(first) and "stayed until seven" in second, "passages went, the situation stayed"


def test_what_stays_too_long_says_so(desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    server = scripted(fails(400, "maximum context length is 12 tokens"))
    use(desk, server, monkeypatch)
    asked = desk.prepare(told(text=HAPPENED + " She stayed until seven." * 60))
    with pytest.raises(TooLong):
        list(drafting.ask(open_model(server.endpoint), asked.prepared, asked.tighter))
    assert len(server.requests) == 2


# What leaves


def test_only_notes_that_are_on_leave_and_private_ones_only_one_by_one(
    desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = note(desk, "Amara", "Walked another new clerk through the booking screen.")
    private = note(desk, "Amara", "Told me at the booking screen that she is in therapy. CANARY-PRIVATE", private=True)
    other = note(desk, "Wei", "Walked a clerk through the booking screen. CANARY-OTHER")
    use(desk, scripted(streams(GOOD)), monkeypatch)

    def leaves(**switches: Any) -> str:
        return json.dumps(asdict(desk.prepare(told(), **switches).prepared.request))

    assert "CANARY" not in leaves()
    assert "CANARY-PRIVATE" in leaves(on=[private.id]) and "CANARY-OTHER" not in leaves(on=[private.id, other.id])
    assert public.text in leaves(on=[public.id]) and public.text not in leaves(off=[public.id])
    for channel in (Channel.PUBLIC_CHAT, Channel.CARD):
        asked = desk.prepare(told(channel=channel), on=[private.id])
        assert "CANARY" not in json.dumps(asdict(asked.prepared.request)), "others read it: no switch helps"


def test_what_is_not_for_the_persons_eyes_is_not_for_the_models(
    desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(desk, scripted(streams(GOOD)), monkeypatch)
    situation = told(text=f"{HAPPENED} She is going through a divorce.", channel=Channel.PUBLIC_CHAT)
    asked = desk.prepare(situation)
    assert [one.text for one in asked.base.left_out], "the built-in drafter leaves it out"
    assert "divorce" not in json.dumps(asdict(asked.prepared.request))


def echo(request: dict[str, Any]) -> str:
    """A model that hands back the situation as it came."""
    return str(request["messages"][-1]["content"]).split("today=")[1].split("\n")[1]


def test_stand_ins_leave_and_real_names_come_back(
    desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_named(desk, "Amara Okafor")
    server = scripted(answers(echo, piece=3))
    use(desk, server, monkeypatch)
    text = "Amara's plan for Brightwell worked, and Okafor told jo@brightwell.com so on 0113 496 0123."
    asked = desk.prepare(told(text=text, to="Amara Okafor"), hide_names=True)
    said = list(drafting.ask(open_model(server.endpoint), asked.prepared, asked.tighter))
    left = json.dumps(server.requests)
    for name in ("Amara", "Okafor", "Brightwell", "brightwell", "jo@", "496"):
        assert name not in left
    assert "".join(one for one in said if isinstance(one, str)) == text


def test_on_this_machine_names_stay_unless_wanted_otherwise(desk: Desk) -> None:
    here, away = Endpoint(url="http://localhost:11434", model="m"), Endpoint(url="https://models.example", model="m")
    assert not desk.prepare(told(), where=here).prepared.standins.pairs
    assert desk.prepare(told(), where=away).prepared.standins.pairs
    choose(desk.settings, Chosen(stand_ins=True))
    assert desk.prepare(told(), where=here).prepared.standins.pairs


def test_whom_an_edit_names_is_hidden_from_the_repair_too(
    desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Amara Okafor", "Grace Lin"):
        person_named(desk, name)
    server = scripted(answers(lambda request: str(request["messages"][-2]["content"]), piece=3))
    use(desk, server, monkeypatch)
    asked = desk.prepare(told(to="Amara Okafor"), hide_names=True)
    edited = "Amara, you and Grace sat with Henrik at Brightwell, on +44 20 7946 0958. You saved 40,000 pounds."
    again = repair(asked.prepared, edited, ["You saved 40,000 pounds.", "you and Grace sat with Henrik"])
    assert dict(again.standins.pairs).items() >= dict(asked.prepared.standins.pairs).items(), "one name, one stand-in"
    drafted = drafting.whole(drafting.ask(open_model(server.endpoint), again, lambda: again))
    left = json.dumps(server.requests)
    assert [name for name in ("Amara", "Grace", "Henrik", "Brightwell", "7946") if name in left] == []
    assert drafted.text == edited
    plain = repair(desk.prepare(told(), hide_names=False).prepared, edited, [])
    assert "Henrik" in json.dumps(asdict(plain.request)), "names stay where they may leave"


def test_what_made_each_draft_is_kept_sent_or_not(
    desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    amara, server = person_named(desk, "Amara"), scripted(streams(GOOD), fails(500), streams(GOOD))
    use(desk, server, monkeypatch)
    for to in ("Amara", "Amara", "Nobody Known"):
        draft_reply(desk, ASKED | {"to": to})
    assert {(draft.person, draft.made["model"]) for draft in desk.records.drafts()} == {
        ("Amara", "scripted"),
        ("", "scripted"),
    }
    first = next(draft for draft in desk.records.drafts() if draft.person_id == amara.id)
    made = first.made
    assert made["prompt"].startswith("recognition/v1@") and len(made["request"]) == 64 and made["retrieved"]
    assert dict(made["parameters"])["max_tokens"] and made["tokens_in"] == 11 and made["seconds"] > 0
    assert datetime.fromisoformat(made["at"]) == first.at
    assert "booking" not in json.dumps(made), "nothing of its text"
    out = export_all(desk)
    desk.forget(amara)
    assert [draft.person for draft in desk.records.drafts()] == [""]
    assert import_all(desk, out).bad == () and first.made in [draft.made for draft in desk.records.drafts()]


def test_the_stored_hash_is_of_what_left(desk: Desk, scripted: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    use(desk, scripted(streams(GOOD)), monkeypatch)
    one, same, other = desk.prepare(told()), desk.prepare(told()), desk.prepare(told(text=HAPPENED + " It was hot."))
    assert one.prepared.hash == same.prepared.hash != other.prepared.hash


# The set-up


def test_the_environment_goes_first_and_is_never_mixed(home: Path) -> None:
    settings = read_settings(home, {})
    home.mkdir()
    choose(settings, Chosen(url="http://localhost:11434", model="llama"))
    assert endpoint(settings, {}) == Endpoint(url="http://localhost:11434", model="llama")
    elsewhere = endpoint(settings, {"OPENAI_API_KEY": "sk-openai"})
    assert elsewhere and elsewhere.key == "", "a key goes only where it was meant to go"
    named = endpoint(settings, {"OPENAI_API_KEY": "sk-openai", "COACH_MODEL": "gpt-4o-mini"})
    assert named and (named.url, named.key) == ("https://api.openai.com/v1", "sk-openai")


def test_a_kept_key_is_for_its_owner_and_its_address_alone(home: Path) -> None:
    settings = read_settings(home, {})
    home.mkdir()
    where = keep_key(settings, "https://one.example/v1", "sk-secret-1")
    assert "file" in where
    assert kept_key(settings, "https://one.example/v1") == "sk-secret-1"
    assert kept_key(settings, "https://two.example/v1") == ""
    choose(settings, Chosen(url="https://one.example/v1", model="m"))
    files = {path.name: path for path in home.iterdir()}
    assert files["model-key.json"].stat().st_mode & 0o777 == 0o600
    assert all("sk-secret-1" not in path.read_text() for name, path in files.items() if name != "model-key.json")


def test_a_model_switched_off_is_not_asked(home: Path) -> None:
    settings = read_settings(home, {})
    home.mkdir()
    choose(settings, Chosen(url="http://localhost:1", model="m", on=False))
    assert endpoint(settings, {}) is None


# The seam, and the command line


@pytest.mark.parametrize("wanted", [{}, {"drafter": "model"}])
def test_a_model_from_the_settings_page_is_not_asked_before_the_leader_agreed(
    wanted: dict[str, str], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(_: Endpoint) -> Any:
        raise AssertionError("it was asked")

    monkeypatch.setattr(model, "open_model", asked)
    choose(desk.settings, Chosen(url="https://models.example/v1", model="away"))
    desk.model_changed()
    by = draft_reply(desk, ASKED | wanted)["drafter"]
    assert by["name"] == "built-in" and by["fallback"]["code"] == "unauthorised"
    assert "models.example" in by["fallback"]["message"] and "Write page" in by["fallback"]["message"]
    begun = Dialogue(desk, date(2026, 11, 20)).reply({"to": "Amara", "about": "She was late.", "partner": "model"})
    assert begun["fallback"]["code"] == "unauthorised"
    choose(desk.settings, Chosen(url="https://models.example/v1", model="away", agreed="https://models.example/v1"))
    with pytest.raises(AssertionError, match="it was asked"):
        draft_reply(desk, ASKED | wanted)


def test_a_plain_function_serves_as_a_model(desk: Desk) -> None:
    def says(request: Request) -> Any:
        yield GOOD
        return Answer(text=GOOD, finish_reason="stop", model="double", tokens_in=None, tokens_out=None, seconds=0.1)

    reply = desk.write_with(says, Endpoint(url="http://localhost:1", model="m"), told())
    assert reply.draft.message == GOOD and reply.drafter.model == "double" and reply.drafter.tokens_in is None


def test_the_command_line_drafts_with_the_model_and_goes_on_without(
    coach: Path, home: Path, scripted: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = scripted(streams(GOOD), lambda to, _: (to.head(), to.send(chunk("Ama")))[-1])
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", server.key)
    monkeypatch.setenv("COACH_MODEL", "scripted")
    lines = f"{json.dumps(ASKED)}\n{json.dumps(ASKED)}\n"
    done = subprocess.run(
        [coach, "--home", home, "draft", "--jsonl"], input=lines, capture_output=True, text=True, check=True
    )
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["message"] == GOOD and second["drafter"]["fallback"]["code"] == "cut-off"
    assert server.key not in done.stdout + done.stderr
    assert model.CONNECT_SECONDS == 5
