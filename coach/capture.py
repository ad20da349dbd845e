"""One line about somebody, kept in seconds: who, which day, what kind of note, and what was promised in it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from coach.desk import Desk
from coach.errors import BadRequest, UnknownPerson
from coach.exchange import add_note, person_named
from coach.promise import find_promises, offered
from coach.promise_rules import FoundPromise
from coach.records import Note, Person, Promise, Source, new_id
from coach.situation import Kind, clean_text, without_accents
from coach.when import day_past

TELL_WITHIN = timedelta(days=31)
"""What happened longer ago is noted and not put up to be told."""
_ONE_ON_ONE = re.compile(
    r"(?<![\d/.:-])1(?::|-| on |-on-| to |-to-)1(?![\d/:-])|\b(?:1on1|121 (?=with\b)|one[- ](?:on|to)[- ]one|we talked|talked (?:with|to)|catch[- ]up|check[- ]in|in our talk|told me|asked me)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\b(?:birthday|wedding|married|engaged|pregnan\w+|baby|daughters?|sons?|wife|husband|partner|mother|father|mum|mom|dad|parents?|sister|brother|kids?|children|grandchild\w*|family|dog|cat|holiday|hobby|loves|likes|hates|allergic|vegetarian|vegan|moving house|moved house|marathon|choir|ill|sick|hospital|operation|surgery|funeral|died|divorce\w*)\b",
    re.IGNORECASE,
)
_STRENGTH = re.compile(
    r"\b(?:is (?:good|great|brilliant|excellent|strong|skilled|gifted) (?:at|with|in)|(?:good|great|brilliant|excellent) with|has a (?:gift|talent|knack|way)|always (?:knows|finds|sees|keeps|stays|remembers|helps)|strength)\b",
    re.IGNORECASE,
)
_AT_WORK = re.compile(
    r"\b(?:stayed|helped|fixed|covered|noticed|spotted|calmed|trained|showed|wrote|rewrote|solved|saved|caught|found|led|ran|took|stepped|finished|cleaned|checked|called|reloaded|organised|handled|explained|walked|held|kept|carried)\b",
    re.IGNORECASE,
)
_CONFIDENTIAL = re.compile(
    r"\b(?:in confidence|confidential\w*|between us|private(?:ly)?|off the record|don['’]t tell|not to tell|secret)\b",
    re.IGNORECASE,
)
_UNWELCOME = re.compile(
    r"\b(?:late again|was late|came late|forgot|missed|mistakes?|errors?|complain\w*|argu(?:ed|ing)|snapped|rude|shout(?:ed|ing)|interrupt\w*|ignored|refused|lost (?:his|her|their) temper|without telling|did(?:n['’]t| not)|failed|rolled (?:his|her|their) eyes|sloppy|careless|blamed|left early|no[- ]show)\b",
    re.IGNORECASE,
)


_PUT_RIGHT = re.compile(
    r"\b(?:caught|spotted|found|noticed|fixed|corrected|prevented|saved|mended|handled|solved|settled|calmed)\b[^.;]{0,40}?\b(?:mistakes?|errors?|complain\w*)\b",
    re.IGNORECASE,
)
"""What somebody else got wrong, and this person put right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What one line says. `person` None: nobody in the notebook is named. `tell`: what to tell them, None for a mere note."""

    text: str
    person: Person | None
    day: date
    kind: str
    private: bool
    tell: Kind | None
    promises: tuple[FoundPromise, ...]


def read_line(text: str, people: tuple[Person, ...], today: date, person: Person | None = None) -> Captured:
    """Finds what a line says. Never raises; an empty line is refused when it is kept."""
    line = clean_text(text)
    promises = find_promises(line, today)
    kind = _kind(line, promises)
    happened = None if kind == "personal" else day_past(_before_promises(line, promises), today)
    day = happened or today  # a birthday's day is no day that something was seen on
    private = kind == "personal" or bool(_CONFIDENTIAL.search(line))
    tell = None
    if kind in ("observation", "strength") and not private and today - day <= TELL_WITHIN:
        tell = Kind.FEEDBACK if _UNWELCOME.search(_PUT_RIGHT.sub("", line)) else Kind.RECOGNITION
    return Captured(
        text=line,
        person=person or person_in(line, people),
        day=day,
        kind=kind,
        private=private,
        tell=tell,
        promises=promises,
    )


def _before_promises(line: str, promises: tuple[FoundPromise, ...]) -> str:
    """A day that a promise is due on is no day that something happened."""
    return line[: promises[0].start] if promises else line


def _kind(line: str, promises: tuple[FoundPromise, ...]) -> str:
    if promises and not _AT_WORK.search(_before_promises(line, promises)):
        return "promise"
    if _STRENGTH.search(line):
        return "strength"
    if _ONE_ON_ONE.search(line):
        return "one-on-one"
    return "personal" if _PERSONAL.search(line) and not _AT_WORK.search(line) else "observation"


def person_in(line: str, people: tuple[Person, ...]) -> Person | None:
    """Who is named first: by full name, another name, or a first name that only one person has; accents may be left out."""
    line = without_accents(line)
    named: list[tuple[int, int, Person]] = []
    firsts = [person.name.split()[0] for person in people]
    for person in people:
        first = person.name.split()[0]
        alone = [first] if firsts.count(first) == 1 else []
        for name in {person.name, *person.aliases, *alone}:
            if found := _named(without_accents(name), line):
                named.append((found.start(), -len(name), person))
    return min(named, key=lambda one: one[:2])[2] if named else None


def _named(name: str, line: str) -> re.Match[str] | None:
    """A name of two words in any case; one word as it is written, or in any case where the line has only one case."""
    word = name.lower() in _WORDS_TOO
    pattern = rf"(?<!\w){_NO_MONTH if word else ''}{re.escape(name)}(?!\w)"
    one_case = line.islower() or line.isupper()
    if word and one_case:
        return re.match(rf"{re.escape(name)}(?!\w)(?! (?:you|we|i|he|she|they|it|the|be|have)\b)", line, re.IGNORECASE)
    return re.search(pattern, line, re.IGNORECASE if one_case or " " in name else 0)


_WORDS_TOO = frozenset(
    "will may april june august grace mark hope joy rose art bill sunny dawn faith rich frank pat sue drew chase summer autumn eve ivy lily "
    "iris ruby amber max jack guy miles ray reed rob bob bea an so long young".split()
)
"""First names that are ordinary words as well: in a line of small letters they are names only at its beginning."""
_NO_MONTH = "".join(
    rf"(?<!\b{word} )"
    for word in ("in", "In", "last", "Last", "next", "since", "Since", "by", "of", "until", "early", "late", "mid")
)


def keep_line(desk: Desk, captured: Captured, today: date) -> tuple[Note, tuple[Promise, ...]]:
    """Keeps the note, and the moment where there is something to tell. Returns it with the promises to offer.

    Raises UnknownPerson where nobody is named, BadRequest where the line is empty or too long.
    """
    if not captured.text:
        raise BadRequest("There is nothing to note yet. Type what you saw, in one line.")
    if captured.person is None:
        raise UnknownPerson("Nobody in the notebook is named in that line. Say who it is about.")
    note_id = new_id()
    note = add_note(desk, captured.person, captured.text, captured.kind, captured.private, captured.day, note_id)
    if captured.tell:
        desk.records.keep_moment(note.id, captured.tell, today)
    return note, offered(note.text, today, captured.person, Source.NOTE, note.id, desk.records.people())


def keep_about(desk: Desk, text: str, name: str, today: date) -> tuple[Note, tuple[Promise, ...]]:
    """The same, about somebody named apart from the line; added to the notebook when they are new."""
    person = person_named(desk, name)
    return keep_line(desk, read_line(text, desk.records.people(), today, person), today)
