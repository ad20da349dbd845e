"""`coach rehearse`: the contract's lines for programs, and the talk in a plain pipe."""

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from coach.access import transcription
from coach.model import transcribe
from tests.model_servers import streams

FIRST = {"to": "Amara", "about": "She was late to handover twice this week.", "private_facts": ["Her mother is ill"]}


def rehearse(coach: Path, home: Path, *requests: object) -> tuple[list[dict[str, Any]], int]:
    sent = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in requests)
    done = subprocess.run(
        [coach, "--home", home, "rehearse", "--jsonl"], input=sent, capture_output=True, text=True, check=False
    )
    return [json.loads(line) for line in done.stdout.splitlines()], done.returncode


def test_a_talk_is_answered_line_by_line_and_the_debrief_ends_it(coach: Path, home: Path) -> None:
    said = ["You were late on Tuesday, so the night crew stayed on.", "What happened?", "You should get up earlier."]
    replies, status = rehearse(
        coach, home, FIRST | {"difficulty": 1}, *({"say": one} for one in said), {"debrief": True}, {"say": "too late"}
    )
    assert status == 0 and len(replies) == 5
    assert set(replies[0]) == {"reply", "state"}
    for turn in replies[1:4]:
        assert set(turn) == {"reply", "labels", "hint", "state", "partner"} and turn["partner"] == "built-in"
        assert 5 <= len(turn["reply"].split()) <= 30 and len(turn["hint"].split()) <= 20
    assert replies[2]["labels"] == ["asks-open"] and "My mother is ill" in replies[2]["reply"]
    found = replies[4]
    for key in ("well", "change", "facts_found", "sbi_by_turn", "open_questions", "talk_share", "agreed_step"):
        assert key in found
    assert found["facts_found"] == ["Her mother is ill"] and found["sbi_by_turn"] == 1 and found["open_questions"] == 1
    for point in found["well"] + found["change"]:
        assert set(point) == {"quote", "turn", "why", "better"} and point["quote"] in said[point["turn"] - 1]


def test_going_back_gives_the_same_talk_for_the_same_words(coach: Path, home: Path) -> None:
    replies, _ = rehearse(
        coach, home, FIRST, {"say": "You're lazy."}, {"rewind": 1}, {"say": "What happened?"}, {"rewind": 1}, {"say": "You're lazy."}
    )  # fmt: skip
    assert replies[1]["reply"] == replies[5]["reply"] != replies[3]["reply"]
    assert replies[2]["state"]["turn"] == 0


def test_a_line_that_cannot_be_read_is_answered_in_its_place(coach: Path, home: Path) -> None:
    replies, status = rehearse(
        coach, home, {"to": "Amara", "about": "x", "reaction": "angry"}, FIRST, "{", {"say": "hi", "rewind": 1}, {"rewind": 5}, {"say": ""}
    )  # fmt: skip
    assert status == 1
    assert ["error" in reply for reply in replies] == [True, False, True, True, True, False]
    assert replies[0]["error"]["message"].startswith("reaction: Input should be 'listens'")


def test_the_terminal_talk_works_in_a_plain_pipe(coach: Path, home: Path) -> None:
    done = subprocess.run(
        [coach, "--home", home, "rehearse", "--to", "Amara", "--about", FIRST["about"], "--seed", "3"],
        input="You were late twice.\n/back x\n/back\nWhat happened?\n/hints\nYou're lazy.\n/end\n",
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.count("Amara: ") == 4
    assert done.stdout.count("hint: ") == 2
    assert "Say which turn" in done.stdout and "What to change" in done.stdout and "“You're lazy.”" in done.stdout
    assert "/end" in done.stderr


def test_a_model_that_is_set_up_finds_the_words(coach: Path, home: Path, scripted, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    server = scripted(streams("I had my hands full that week, as you well know."))
    without, _ = rehearse(coach, home, FIRST | {"partner": "model"}, {"say": "You were late on Tuesday."})
    assert without[0]["fallback"]["code"] == "unreachable" and without[1]["partner"] == "built-in"
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("COACH_MODEL", "scripted")
    replies, status = rehearse(
        coach, home, FIRST | {"partner": "model"}, {"say": "You were late on Tuesday."}, {"say": "And on Thursday."}
    )
    assert status == 0 and "fallback" not in replies[0]
    assert (
        replies[1]["partner"] == "model" and replies[1]["reply"] == "I had my hands full that week, as you well know."
    )
    assert replies[2]["partner"] == "built-in" and replies[2]["replaced"] == "repeats"
    sent = json.dumps(server.requests)
    assert "mother" not in sent and "late to handover twice" in sent


def test_a_dictated_turn_is_sent_to_the_service_that_was_named_and_to_none_else() -> None:
    class Hears(BaseHTTPRequestHandler):
        heard: ClassVar[list[tuple[str, bytes]]] = []

        def do_POST(self) -> None:
            self.heard.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            body = json.dumps({"text": "You were late twice."}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hears)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        assert transcription({"OPENAI_BASE_URL": url, "COACH_MODEL": "m"}) is None
        where = transcription({"COACH_TRANSCRIBE_URL": url})
        assert where is not None and where.model == "whisper-1"
        assert transcribe(where, b"RIFFsound") == "You were late twice."
        path, body = Hears.heard[0]
        assert path == "/v1/audio/transcriptions" and b"RIFFsound" in body
    finally:
        server.shutdown()
        server.server_close()
