"""The command line: reads input, calls one function, shows the result.

Heavy modules are imported inside the commands that need them, so that `coach --help` answers at once.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
Handler = Callable[["Desk", dict[str, Any]], dict[str, Any]]
BAD_LINE, MISUSED = 1, 2


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
    try:
        app()
    except CoachError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left: nothing more to say
        sys.exit(1)


def _settings() -> Any:
    from coach.settings import read_settings

    return read_settings(_Where.home)


@contextmanager
def _desk() -> Iterator["Desk"]:
    from coach.desk import open_desk

    desk = open_desk(_settings())
    try:
        if desk.settings.chroma_url:
            desk.open_index()
            if desk.index is None:
                typer.echo(desk.index_state, err=True)
        yield desk
    finally:
        desk.close()
        desk.records.close()


def _answer_lines(handle: Handler) -> None:
    """The bulk form: one reply for each line, flushed; a line that cannot be answered says why in its place."""
    failed = False
    with _desk() as desk:
        for line in sys.stdin:
            if not line.strip():
                continue
            reply = _answer(handle, desk, line)
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
    message: Annotated[str, typer.Argument(help="The message, or - for standard input.")] = "-",
    to: Annotated[str, typer.Option(help="Who it is to.")] = "",
    kind: Annotated[str, typer.Option(help="recognition or feedback")] = "recognition",
    channel: Annotated[str, typer.Option(help="public-chat, direct, email, spoken or card")] = "direct",
    situation: Annotated[str | None, typer.Option(help="What happened; then each clause is traced to it.")] = None,
    as_json: Json = False,
    jsonl: Jsonl = False,
) -> None:
    """Says what a good coach would say about a message. Exit status 1 where something stands in the way of sending it."""
    from coach import contract

    if jsonl:
        return _answer_lines(contract.check_reply)
    text = sys.stdin.read() if message == "-" else message
    if not text.strip() or not to:
        raise _misuse('Give the message and whom it is to, such as: coach check "Thanks for staying late!" --to Amara.')
    request = {"message": text, "to": to, "kind": kind, "channel": channel, "situation": situation}
    with _desk() as desk:
        reply = _checked(contract.check_reply, desk, {k: v for k, v in request.items() if v is not None})
    if as_json:
        _print_json(reply)
    else:
        typer.echo(
            "\n".join(f"{one['severity']} {one['code']}: {one['advice']}" for one in reply["findings"])
            or "Nothing to mend."
        )
    if any(one["severity"] == "block" for one in reply["findings"]):
        raise typer.Exit(1)
    return None


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

    with _desk() as desk:
        _report(import_notes(desk, read_rows(file)), "notes")


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


@app.command("export")
def export_home(file: Path) -> None:
    """Writes everything you own to FILE.zip."""
    from coach.errors import BadFile
    from coach.exchange import export_all

    with _desk() as desk:
        data = export_all(desk)
    try:
        file.write_bytes(data)
    except OSError as error:
        raise BadFile(f"{file} cannot be written ({error.strerror}). Name another place.") from error
    typer.echo(f"Everything is in {file}.")


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
    typer.echo(
        f"Forgot {receipt.person}: {receipt.notes} notes, {receipt.messages} messages and the index entries are gone."
    )
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
        with typer.progressbar(length=1, label="Indexing", file=sys.stderr) as bar:

            def progress(done: int, of: int) -> None:
                bar.length, bar.pos = of, 0
                bar.update(done)

            count = desk.rebuild_index(progress)
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
    for part in examine(_settings()):
        healthy = healthy and part.works
        typer.echo(f"{'ok  ' if part.works else 'mend'}  {part.name}: {part.says}")
    if not healthy:
        raise typer.Exit(1)
