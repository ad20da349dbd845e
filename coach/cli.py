"""The command line: reads input, calls one function, shows the result.

Heavy modules are imported inside the commands that need them, so that `coach --help` answers at once.
"""

import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from coach.errors import BadRequest, CoachError

if TYPE_CHECKING:
    from coach.desk import Desk
    from coach.exchange import Imported

app = typer.Typer(
    help="From 'I just saw something' to 'they heard it' in under a minute. Without a command, the app starts.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
people_app = typer.Typer(help="The people in the notebook.", rich_markup_mode=None)
notes_app = typer.Typer(help="What you noted about people.", rich_markup_mode=None)
app.add_typer(people_app, name="people")
app.add_typer(notes_app, name="notes")

Jsonl = Annotated[bool, typer.Option("--jsonl", help="One JSON request a line in, one reply a line out.")]
Json = Annotated[bool, typer.Option("--json", help="The reply as JSON.")]


class CheckForm(StrEnum):
    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    SARIF = "sarif"


Handler = Callable[["Desk", dict[str, Any]], dict[str, Any]]
Result = TypeVar("Result")
BAD_LINE, MISUSED, STOPPED = 1, 2, 143


class _Where:
    home: Path | None = None


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(help="Where your data lives (default: COACH_HOME, else your user-data folder).")
    ] = None,
    port: Annotated[int, typer.Option(help="Serve the app on 127.0.0.1 at this port.", min=1, max=65535)] = 8501,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")] = True,
) -> None:
    _Where.home = home
    if context.invoked_subcommand is None:
        from coach.serve import serve

        serve(_settings(), port, browser)


def main() -> None:
    """The console script: every error of Coach's own becomes one sentence and exit status 1."""
    for stream in (sys.stdout, sys.stdin):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape" if stream is sys.stdin else "strict")
    signal.signal(signal.SIGTERM, _stop)
    try:
        app()
    except CoachError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except _Stopped:
        typer.echo("Coach was asked to stop. What it answered and kept is complete; the rest was not begun.", err=True)
        sys.exit(STOPPED)
    except Exception as error:
        _fault(error)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left: nothing more to say
        sys.exit(1)


class _Stopped(BaseException):
    """Somebody asked the process to end: open files are closed and the database let go on the way out."""


def _stop(_: int, __: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _Stopped


def _fault(error: Exception) -> None:
    """A traceback would quote what it stumbled on: the log has its type and its places, nobody has its words."""
    from coach.log import failure

    failure(error)
    typer.echo(f"Something in Coach went wrong ({type(error).__name__}). Run 'coach doctor'.", err=True)


def _settings() -> Any:
    from coach.settings import read_settings

    return read_settings(_Where.home)


@contextmanager
def _desk() -> Iterator["Desk"]:
    from coach.desk import open_desk

    desk = _unlocked(open_desk)
    try:
        if desk.settings.chroma_url:
            desk.open_index()
            if desk.index is None:
                typer.echo(desk.index_state, err=True)
        yield desk
    finally:
        desk.close()
        desk.records.close()


def _unlocked(act: Callable[[Any], Result]) -> Result:
    """Does it with the settings; where the notebook is locked and somebody sits there, asks for its passphrase."""
    from pydantic import SecretStr

    from coach.errors import Locked

    settings = _settings()
    try:
        return act(settings)
    except Locked as error:
        if settings.passphrase:
            raise
        if not sys.stdin.isatty():
            raise Locked(f"{error} Where nobody can type it, set COACH_PASSPHRASE.") from error
        typer.echo(str(error), err=True)
        typed = SecretStr(typer.prompt("Passphrase or recovery key", hide_input=True, err=True))
        return act(settings.model_copy(update={"passphrase": typed}))


def _answer_lines(handle: Handler, at_once: int = 1) -> None:
    """The bulk form: one reply for each line, in order, flushed; a line that cannot be answered says why in its place."""
    from coach.bulk import in_order

    failed = False
    with _desk() as desk:
        lines = (line for line in sys.stdin if line.strip())
        for reply in in_order(partial(_answer, handle, desk), lines, at_once):
            failed = failed or "error" in reply
            sys.stdout.write(_one_line(reply) + "\n")
            sys.stdout.flush()
    raise typer.Exit(BAD_LINE if failed else 0)


def _answer(handle: Handler, desk: "Desk", line: str) -> dict[str, Any]:
    from pydantic import ValidationError

    from coach.contract import reasons

    try:
        request = json.loads(line)
        if not isinstance(request, dict):
            raise BadRequest("a request is a JSON object")
        return handle(desk, request)
    except ValidationError as error:
        return _error(reasons(error))
    except BadRequest as error:
        return _error(str(error))
    except (ValueError, RecursionError):
        return _error("this line is not complete JSON")


def _error(message: str) -> dict[str, Any]:
    return {"error": {"code": "bad-request", "message": message}}


def _one_line(value: object) -> str:
    """JSON that every reader takes for one line of valid UTF-8: exotic line breaks and lone surrogates escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub("[\x85\u2028\u2029\ud800-\udfff]", lambda found: f"\\u{ord(found.group()):04x}", text)


def _print_json(value: object) -> None:
    typer.echo(_one_line(value))


def _misuse(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(MISUSED)


@app.command()
def draft(
    situation: Annotated[str, typer.Argument(help="What happened, in your words.")] = "",
    to: Annotated[str, typer.Option(help="Who it is about.")] = "",
    kind: Annotated[str, typer.Option(help="recognition or feedback")] = "recognition",
    channel: Annotated[str, typer.Option(help="public-chat, direct, email, spoken or card")] = "direct",
    pronouns: Annotated[str | None, typer.Option(help="he, she or they")] = None,
    as_json: Json = False,
    jsonl: Jsonl = False,
) -> None:
    """Drafts a shoutout or feedback from what happened."""
    from coach import contract

    if jsonl:
        return _answer_lines(contract.draft_reply)
    if not situation or not to:
        raise _misuse(
            'Say what happened and to whom, such as: coach draft "She stayed late to fix the export" --to Amara.'
        )
    request = {"situation": situation, "to": to, "kind": kind, "channel": channel, "pronouns": pronouns}
    with _desk() as desk:
        reply = _checked(contract.draft_reply, desk, {k: v for k, v in request.items() if v is not None})
    if as_json:
        return _print_json(reply)
    typer.echo(reply["message"])
    for heading, lines in (
        ("To make it complete:", reply["questions"]),
        ("Left out:", [f"“{one['text']}” – {one['reason']}" for one in reply["left_out"]]),
        ("Remembered:", [f"{note['date']} {note['text']}" for note in reply["notes"]]),
        ("Mind:", [finding["advice"] for finding in reply["findings"]]),
    ):
        if lines:
            typer.echo("\n".join(["", heading, *(f"  {line}" for line in lines)]))
    return None


def _checked(handle: Handler, desk: "Desk", request: dict[str, Any]) -> dict[str, Any]:
    from pydantic import ValidationError

    from coach.contract import reasons

    try:
        return handle(desk, request)
    except ValidationError as error:
        raise _misuse(f"{reasons(error)}.") from error


@app.command()
def check(
    message: Annotated[
        str,
        typer.Argument(
            help="A file, the message itself, or - for standard input (with --jsonl: requests, one a line)."
        ),
    ] = "-",
    to: Annotated[str, typer.Option(help="Who it is to.")] = "the reader",
    kind: Annotated[str, typer.Option(help="recognition or feedback")] = "recognition",
    channel: Annotated[str, typer.Option(help="public-chat, direct, email, spoken or card")] = "direct",
    situation: Annotated[str | None, typer.Option(help="What happened; then each clause is traced to it.")] = None,
    form: Annotated[CheckForm, typer.Option("--format", help="How to answer.")] = CheckForm.TEXT,
    as_json: Json = False,
    jsonl: Jsonl = False,
) -> None:
    """Says what a good coach would say about a message. Exit status 1 where something stands in the way of sending it."""
    from coach import contract

    form = CheckForm.JSONL if jsonl else CheckForm.JSON if as_json else form
    if form is CheckForm.JSONL and message == "-":
        return _answer_lines(contract.check_reply, at_once=os.cpu_count() or 1)
    text, where = _message(message)
    if not text.strip():
        raise _misuse('Give the message, such as: coach check "Thanks for staying late!" --to Amara.')
    request = {"message": text, "to": to, "kind": kind, "channel": channel, "situation": situation}
    with _desk() as desk:
        reply = _checked(contract.check_reply, desk, {k: v for k, v in request.items() if v is not None})
    if form in (CheckForm.JSON, CheckForm.JSONL):
        _print_json(reply)
    elif form is CheckForm.SARIF:
        from coach.sarif import sarif

        _print_json(sarif(text, reply["findings"], where))
    else:
        typer.echo("\n".join(_finding_lines(text, reply)))
    if any(one["severity"] == "block" for one in reply["findings"]):
        raise typer.Exit(1)
    return None


def _message(given: str) -> tuple[str, str]:
    """The text to check and what it is called: a file's, standard input's, or the argument itself."""
    if given == "-":
        return sys.stdin.read(), "stdin"
    try:
        file = Path(given)
        if file.is_file():
            return file.read_text("utf-8"), given
    except UnicodeDecodeError:
        raise BadRequest(f"{given} is not a text in UTF-8: save it as plain text and try again.") from None
    except (OSError, ValueError):  # too long for a file's name, or unreadable: then it is the message
        pass
    if re.fullmatch(r"\S+\.(?:txt|md|eml|jsonl?)|(?:[.~]{0,2}/)\S+", given):
        raise _misuse(f"There is no file {given} here. Give a file that is there, or the message in quotation marks.")
    return given, "message"


def _finding_lines(text: str, reply: dict[str, Any]) -> Iterator[str]:
    """ "2:14 warn absolute: ..." for what stands in words, without a place for the rest."""
    if reply["not_judged"]:
        yield reply["not_judged"]
    for one in reply["findings"]:
        at = one["start"]
        place = "" if at is None else f"{text.count(chr(10), 0, at) + 1}:{at - text.rfind(chr(10), 0, at)} "
        yield f"{place}{one['severity']} {one['code']}: {one['advice']}"
    if not reply["findings"] and not reply["not_judged"]:
        yield "Nothing to mend."


@app.command()
def principles(
    query: Annotated[str, typer.Argument(help="A situation, or words.")] = "",
    k: Annotated[int, typer.Option("-k", help="How many.", min=1, max=42)] = 5,
    as_json: Json = False,
    jsonl: Jsonl = False,
) -> None:
    """Finds the leadership principles that fit."""
    from coach import contract

    if jsonl:
        return _answer_lines(contract.principles_reply)
    if not query.strip():
        raise _misuse('Say what it is about, such as: coach principles "She was interrupted again".')
    with _desk() as desk:
        reply = _checked(contract.principles_reply, desk, {"q": query, "k": k})
        texts = {principle.id: principle for principle in desk.library.principles}
    if as_json:
        return _print_json(reply)
    for found in reply["principles"]:
        typer.echo(f"{found['title']} ({found['id']})\n  {texts[found['id']].reason}")
    return None


@people_app.command("import")
def people_import(file: Path) -> None:
    """Adds people from a .jsonl, .csv or .yaml file."""
    from coach.exchange import import_people, read_rows

    with _desk() as desk:
        _report(import_people(desk, read_rows(file)), "people")


@notes_app.command("import")
def notes_import(file: Path) -> None:
    """Adds notes from a .jsonl, .csv or .yaml file."""
    from coach.exchange import import_notes, read_rows

    with _desk() as desk, _progress("Reading notes") as progress:
        done = import_notes(desk, read_rows(file), progress)
    _report(done, "notes")


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error where somebody watches it; a program or a file gets what there is to say, and no more."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    with typer.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def progress(done: int, of: int) -> None:
            bar.length, bar.pos = of, 0
            bar.update(done)

        yield progress


def _report(done: "Imported", what: str) -> None:
    for number, reason in done.bad:
        typer.echo(f"row {number}: {reason}", err=True)
    typer.echo(
        f"{done.added} {what} added, {done.changed} changed, {done.same} already there, {len(done.bad)} not read"
    )
    if done.bad:
        raise typer.Exit(BAD_LINE)


@notes_app.command("add")
def notes_add(
    person: Annotated[str, typer.Argument(help="Who it is about.")],
    text: Annotated[str, typer.Argument(help="What you noticed.")],
    kind: Annotated[str, typer.Option(help="observation, personal, promise, one-on-one or strength")] = "observation",
    private: Annotated[bool, typer.Option("--private", help="Never in a channel that others read.")] = False,
) -> None:
    """Keeps a note about a person."""
    from datetime import date

    from coach.exchange import NOTE_KINDS, add_note, person_named

    if kind not in NOTE_KINDS:
        raise _misuse(f"--kind is one of {', '.join(NOTE_KINDS)}.")
    with _desk() as desk:
        who = person_named(desk, person)
        add_note(desk, who, text, kind, private, date.today())
        typer.echo(f"Noted about {who.name}.")


@notes_app.command("search")
def notes_search(
    query: Annotated[str, typer.Argument(help="Words or a situation.")] = "",
    to: Annotated[str | None, typer.Option(help="Only notes about this person.")] = None,
    k: Annotated[int, typer.Option("-k", help="How many.", min=1, max=100)] = 5,
    channel: Annotated[
        str | None, typer.Option(help="Where it would be read; private notes stay out of public ones.")
    ] = None,
    as_json: Json = False,
    jsonl: Jsonl = False,
) -> None:
    """Finds notes by meaning and by words."""
    from coach import contract

    if jsonl:
        return _answer_lines(contract.notes_reply)
    if not query.strip():
        raise _misuse('Say what to look for, such as: coach notes search "presenting" --to Amara.')
    request = {"q": query, "to": to, "k": k, "channel": channel}
    with _desk() as desk:
        reply = _checked(
            contract.notes_reply, desk, {name: value for name, value in request.items() if value is not None}
        )
    if as_json:
        return _print_json(reply)
    for note in reply["notes"]:
        typer.echo(f"{note['date']}  {note['person']}{' (private)' if note['private'] else ''}: {note['text']}")
    if not reply["notes"]:
        typer.echo("No note like that.", err=True)
    return None


@app.command()
def note(
    line: Annotated[str, typer.Argument(help="What you just saw or heard, in one line.")],
    to: Annotated[str, typer.Option(help="Who it is about, where the line does not say.")] = "",
    as_json: Json = False,
) -> None:
    """Keeps one line: person, day, kind and promise are found in it, and it waits to be told."""
    from datetime import date

    from coach import contract

    with _desk() as desk:
        kept = contract.note_reply(desk, line, to, date.today())
    if as_json:
        return _print_json(kept)
    typer.echo(
        f"Noted about {kept['person']}, {kept['date']}, {kept['kind']}{' (private)' if kept['private'] else ''}."
    )
    for one in kept["promises"]:
        due = f"by {one['due']}" if one["due"] else "no day named"
        typer.echo(f"Promise kept: {one['what']}, {due} ({one['id'][:8]})")
    return None


@app.command()
def weekly() -> None:
    """Looks back on the last seven days, as Markdown: wins seen, promises, who to notice next week."""
    from datetime import date

    from coach.look_back import as_markdown, look_back

    with _desk() as desk:
        typer.echo(as_markdown(look_back(desk, date.today())), nl=False)


@app.command()
def promises(
    person: Annotated[str, typer.Argument(help="Only those to this person.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Those that are done or dropped as well.")] = False,
    ics: Annotated[Path | None, typer.Option(help="Write them to a calendar file.")] = None,
    done: Annotated[str, typer.Option(metavar="ID", help="This one is done.")] = "",
    move: Annotated[str, typer.Option(metavar="ID", help="Move this one to the day --on; say --why.")] = "",
    drop: Annotated[str, typer.Option(metavar="ID", help="Drop this one; say --why.")] = "",
    on: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The new day.")] = "",
    why: Annotated[str, typer.Option(help="In a word.")] = "",
    as_json: Json = False,
) -> None:
    """Lists what was promised and by when, the next due first. As JSON: all of them, one array."""
    from datetime import date, datetime

    from coach import contract

    with _desk() as desk:
        for named, state in ((done, "done"), (move, "moved"), (drop, "dropped")):
            if named:
                contract.settle_reply(desk, named, state, on, why, date.today())
        if ics:
            from coach.calendar_file import calendar_of

            _write(ics, calendar_of(desk.records.promises(), datetime.now().astimezone()))
        found = contract.promises_reply(desk, person or None, date.today())
    if as_json:
        return _print_json(found)
    shown = [one for one in found if every or one["state"] in ("open", "moved")]
    for one in shown:
        due = f"by {one['due']}{' (overdue)' if one['overdue'] else ''}" if one["due"] else "no day"
        state = "" if one["state"] == "open" else f" ({one['state']})"
        typer.echo(f"{one['id'][:8]}  {one['person']}, {due}: {one['what']}{state}")
    if not shown:
        typer.echo("Nothing promised." if not found else "Nothing promised is open.", err=True)
    return None


@app.command()
def rehearse(
    to: Annotated[str, typer.Option(help="Who you would talk to.")] = "",
    about: Annotated[str, typer.Option(help="What it is about, in your words.")] = "",
    reaction: Annotated[
        str, typer.Option(help="listens, quiet, defensive, hurt, deflects, turns-it-back or agrees")
    ] = "listens",
    difficulty: Annotated[int, typer.Option(help="1, 2 or 3", min=1, max=3)] = 2,
    seed: Annotated[int | None, typer.Option(help="The same number gives the same talk.")] = None,
    jsonl: Jsonl = False,
) -> None:
    """Practises a hard conversation: type your side, line by line; /end gives the debrief."""
    from datetime import date

    from pydantic import ValidationError

    from coach import dialogue
    from coach.contract import reasons
    from coach.debrief import debrief

    if jsonl:
        return _rehearse_lines()
    if not to or not about:
        raise _misuse(
            'Say to whom and about what, such as: coach rehearse --to Amara --about "She was late to handover twice."'
        )
    setting = {"to": to, "about": about, "reaction": reaction, "difficulty": difficulty}
    with _desk() as desk:
        opened = dialogue.Dialogue(desk, date.today())
        try:
            opened.reply(setting | {"seed": dialogue.any_seed() if seed is None else seed})
        except ValidationError as error:
            raise _misuse(f"{reasons(error)}.") from error
        assert opened.session is not None  # noqa: S101 - just begun
        typer.echo(dialogue.HOW, err=True)
        session = dialogue.talk(opened.session, sys.stdin, desk, date.today(), typer.echo)
        for line in dialogue.told(debrief(session), session.setting.to):
            typer.echo(line)
    return None


def _rehearse_lines() -> None:
    """One talk as JSON: the setting, then a line a turn; the debrief ends it. Nothing of it is kept."""
    from datetime import date

    from coach.dialogue import Dialogue

    failed = False
    with _desk() as desk:
        talk = Dialogue(desk, date.today())
        for line in sys.stdin:
            if not line.strip():
                continue
            reply = _answer(lambda _, request: talk.reply(request), desk, line)
            failed = failed or "error" in reply
            sys.stdout.write(_one_line(reply) + "\n")
            sys.stdout.flush()
            if talk.done:
                break
    raise typer.Exit(BAD_LINE if failed else 0)


@app.command("export")
def export_home(file: Path) -> None:
    """Writes everything you own to FILE.zip."""
    from coach.exchange import export_all

    with _desk() as desk:
        data = export_all(desk)
    _write(file, data)
    typer.echo(f"Everything is in {file}.")


def _write(file: Path, data: bytes) -> None:
    from coach.errors import BadFile

    try:
        file.write_bytes(data)
    except OSError as error:
        raise BadFile(f"{file} cannot be written ({error.strerror}). Name another place.") from error


@app.command("import")
def import_home(file: Path) -> None:
    """Reads what `coach export` wrote."""
    from coach.errors import BadFile
    from coach.exchange import import_all

    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadFile(f"{file} cannot be opened ({error.strerror}). Check the name and try again.") from error
    with _desk() as desk:
        _report(import_all(desk, data), "records")


@app.command()
def forget(name: str, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Removes a person and everything written about them."""
    from coach.errors import UnknownPerson

    with _desk() as desk:
        person = desk.person(name)
        if person is None:
            raise UnknownPerson(f"There is no “{name}” in the notebook.")
        if not yes and sys.stdin.isatty():
            typer.confirm(f"Remove {person.name} and every note and message about them?", abort=True)
        receipt = desk.forget(person)
    from coach.records import gone

    typer.echo(f"Forgot {receipt.person}: {gone(receipt)}.")
    if receipt.mentions_left:
        typer.echo(
            f"{receipt.mentions_left} notes about other people still mention the name; search for it to change them."
        )


@app.command()
def reindex() -> None:
    """Rebuilds the search index from the records."""
    with _desk() as desk:
        if desk.embedder is None:
            from coach.errors import ModelMissing

            raise ModelMissing("There is no language model to index with: run 'coach doctor'.")
        with _progress("Indexing") as progress:
            count = desk.rebuild_index(progress)
        if desk.by_endpoint:
            with _progress(f"Embedding at {desk.by_endpoint.where.host}") as progress:
                desk.embed_by_endpoint(progress)
        if desk.search_trouble:
            typer.echo(f"{desk.search_trouble} Search goes by the built-in model until then.", err=True)
    typer.echo(f"Indexed {count} notes and {len(desk.library.examples)} example situations.")


@app.command()
def doctor(
    download_model: Annotated[
        bool, typer.Option("--download-model", help="Fetch the search model (80 MB) where it is missing.")
    ] = False,
) -> None:
    """Says what works, what does not, and how to mend it."""
    from coach.doctor import examine

    if download_model:
        from coach.index import download_model as fetch

        fetch()
    healthy = True
    for part in _unlocked(lambda settings: tuple(examine(settings))):
        healthy = healthy and part.works
        typer.echo(f"{'ok  ' if part.works else 'mend'}  {part.name}: {part.says}")
    if not healthy:
        raise typer.Exit(1)


@app.command("backup")
def backup_home(
    shown: Annotated[bool, typer.Option("--list", help="Show the backups that there are.")] = False,
) -> None:
    """Copies the notebook, whole and beside a running app. The last seven copies are kept."""
    from datetime import datetime

    from coach.backup import backups, make_backup

    if shown:
        for one in backups(_settings().home):
            typer.echo(f"{one.made:%Y-%m-%d %H:%M}  {one.path}")
        return
    with _desk() as desk:
        made = make_backup(desk.records.database.place, datetime.now())
    typer.echo(f"Backed up to {made.path}.")


@app.command()
def restore(
    file: Annotated[Path | None, typer.Argument(help="A backup; without one, the newest that is whole.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Brings a backup back. What is there now is backed up first."""
    from datetime import datetime

    from coach.backup import restore as bring_back
    from coach.database import Place
    from coach.encrypt import finish_change
    from coach.settings import Settings, prepare_home

    if not yes and sys.stdin.isatty():
        typer.confirm("Replace your notebook by a backup?", abort=True)

    def act(settings: Settings) -> Path:
        prepare_home(settings)
        return bring_back(Place(path=settings.database, keys=finish_change(settings)), file, datetime.now())

    typer.echo(f"Your notebook is back as it was in {_unlocked(act).name}.")


@app.command()
def encrypt(
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Choose a passphrase, even where there is a key store.")
    ] = False,
) -> None:
    """Encrypts the notebook and its backups; again, it changes the key."""
    from coach.encrypt import encrypt as turn_on
    from coach.key import key_store
    from coach.settings import prepare_home

    new = _new_passphrase() if passphrase or "COACH_NEW_PASSPHRASE" in os.environ or key_store() is None else None

    def act(settings: Any) -> str | None:
        prepare_home(settings)
        return turn_on(settings, new)

    recovery = _unlocked(act)
    typer.echo("Your notebook and its backups are encrypted. Exports that you write are not: keep them safe.")
    if recovery:
        typer.echo(f"The key is in this computer's key store. Write down what opens it elsewhere: {recovery}")


def _new_passphrase() -> Any:
    from pydantic import SecretStr

    if typed := os.environ.get("COACH_NEW_PASSPHRASE"):
        return SecretStr(typed)
    if not sys.stdin.isatty():
        raise _misuse("Set COACH_NEW_PASSPHRASE to the new passphrase, or run this where it can be typed.")
    return SecretStr(typer.prompt("New passphrase", hide_input=True, confirmation_prompt=True))


@app.command()
def decrypt() -> None:
    """Takes encryption off again."""
    from coach.encrypt import decrypt as turn_off

    _unlocked(turn_off)
    typer.echo("Your notebook and its backups are no longer encrypted.")


@app.command(
    "eval", context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
def evaluate(context: typer.Context) -> None:
    """Runs the evaluation suite: the same as `python -m eval`, with the same exit status."""
    try:
        from eval.__main__ import main as run
    except ModuleNotFoundError as error:
        raise _misuse(
            "The evaluation suite is not installed with Coach: run it in a checkout of its source."
        ) from error
    raise typer.Exit(run(context.args))
