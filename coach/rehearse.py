"""A rehearsal: the talk so far, with every branch that was tried. Nothing in it is ever overwritten."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from coach.errors import BadRequest
from coach.hint import hint_after
from coach.language import Span
from coach.matter import Matter, read_matter
from coach.moves import Embed, Labelled, Move, Part, label_turn
from coach.partner import FACTS, Reaction, Said, Setting, State, Step, answer, choose_facts, opening
from coach.situation import Pronouns, clean_name, clean_text

LONGEST_SAID = 20_000
"""Characters of one turn that are kept."""
FACTS_AT_MOST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What the leader said and what came back. `parent`: the place of the turn it followed, None for the first.

    `voice`: "built-in" or "model", whoever spoke; `replaced`: why a model's reply was not taken, "" where it was.
    """

    parent: int | None
    say: str
    labelled: Labelled
    reply: str
    moment: str
    state: State
    hint: str
    voice: str = "built-in"
    replaced: str = ""


Voice = Callable[["Session", str, Said], tuple[str, str, str]]
"""The session, what the leader just said and what the built-in partner would say -> (reply, who spoke, why replaced)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """All turns in the order they were said; `at`: the place of the last one of the present branch, None before the first."""

    setting: Setting
    matter: Matter
    opened: Said
    turns: tuple[Turn, ...] = ()
    at: int | None = None

    @property
    def path(self) -> tuple[Turn, ...]:
        """The turns of the present branch, first to last."""
        return self.path_to(self.at)

    def path_to(self, at: int | None) -> tuple[Turn, ...]:
        found: list[Turn] = []
        while at is not None:
            found.append(self.turns[at])
            at = self.turns[at].parent
        return tuple(reversed(found))

    @property
    def branches(self) -> tuple[int, ...]:
        """The last turns of all branches, oldest first."""
        parents = {turn.parent for turn in self.turns}
        return tuple(at for at in range(len(self.turns)) if at not in parents)

    @property
    def state(self) -> State:
        return self.turns[self.at].state if self.at is not None else self.opened.state


def start(setting: Setting, embed: Embed, today: date) -> Session:
    """Cleans the setting, gives the partner its private facts and its first words. Raises BadRequest."""
    if setting.difficulty not in (1, 2, 3):
        raise BadRequest("The difficulty is 1, 2 or 3.")
    about = clean_text(setting.about)
    setting = replace(setting, to=clean_name(setting.to), about=about, facts=_facts(setting, about, embed))
    matter = read_matter(about, setting.to, setting.pronouns, today)
    return Session(setting=setting, matter=matter, opened=opening(setting, matter))


def _facts(setting: Setting, about: str, embed: Embed) -> tuple[str, ...]:
    """What the leader wrote or chose, and from the library what is missing for two: the worry first, then the reason."""
    written = tuple(fact for fact in (clean_text(one) for one in setting.facts) if fact)[:FACTS_AT_MOST]
    drawn = [fact for fact in choose_facts(about, setting.seed, embed) if fact not in written]
    return (*written, *drawn[len(drawn) - max(FACTS - len(written), 0) :])


def say(session: Session, said: str, embed: Embed, today: date, voice: Voice | None = None) -> Session:
    """The session after one more turn; the same words at the same place lead to the turn that is there already."""
    kept = clean_text(said)[:LONGEST_SAID]
    for at, turn in enumerate(session.turns):
        if turn.parent == session.at and turn.say == kept:
            return replace(session, at=at)
    path = session.path
    labelled = label_turn(kept, embed, session.setting.to)
    on_path = set(session.state.used)
    elsewhere = frozenset(name for turn in session.turns for name in turn.state.used) - on_path
    spoken = answer(
        session.setting, session.matter, session.state, kept, labelled, [t.say for t in path], embed, today, elsewhere
    )
    reply, who, replaced = voice(session, kept, spoken) if voice else (spoken.text, "built-in", "")
    hint = hint_after(
        session.setting,
        session.matter,
        session.state,
        (*(t.labelled for t in path), labelled),
        spoken,
        path[-1].hint if path else "",
    )
    turn = Turn(
        parent=session.at,
        say=kept,
        labelled=labelled,
        reply=reply,
        moment=spoken.moment,
        state=spoken.state,
        hint=hint,
        voice=who,
        replaced=replaced,
    )
    return replace(session, turns=(*session.turns, turn), at=len(session.turns))


def rewind(session: Session, to: int) -> Session:
    """The session before the leader's turn number `to` of the present branch (1 is the first). Raises BadRequest."""
    path = session.path
    if not 1 <= to <= len(path):
        raise BadRequest(
            f"There is no turn {to} to go back to: this talk has {len(path)}." if path else "Nothing has been said yet."
        )
    return replace(session, at=path[to - 1].parent)


# As plain values, for the records and for files


def to_plain(session: Session) -> dict[str, Any]:
    """Everything that `from_plain` needs, as JSON values."""
    setting = session.setting
    return {
        "setting": {
            "to": setting.to,
            "about": setting.about,
            "reaction": setting.reaction.value,
            "difficulty": setting.difficulty,
            "seed": setting.seed,
            "facts": list(setting.facts),
            "pronouns": setting.pronouns.value if setting.pronouns else None,
        },
        "opening": session.opened.text,
        "opening_used": list(session.opened.state.used),
        "turns": [_plain_turn(turn) for turn in session.turns],
        "at": session.at,
    }


def _plain_turn(turn: Turn) -> dict[str, Any]:
    state = turn.state
    step = state.step
    return {
        "parent": turn.parent,
        "say": turn.say,
        "parts": [
            {"start": p.span.start, "end": p.span.end, "moves": sorted(m.value for m in p.moves)}
            for p in turn.labelled.parts
        ],
        "reply": turn.reply,
        "moment": turn.moment,
        "hint": turn.hint,
        "voice": turn.voice,
        "replaced": turn.replaced,
        "state": {
            **{name: getattr(state, name) for name in _PLAIN_STATE},
            "found": list(state.found),
            "used": list(state.used),
            "last_moves": [move.value for move in state.last_moves],
            "step": step
            and {"text": step.text, "owner": step.owner, "due": step.due.isoformat() if step.due else None},
        },
    }


_PLAIN_STATE = ("trust", "guard", "turn", "listened", "asked_how", "abuse", "upset", "ended")


def from_plain(value: dict[str, Any], today: date) -> Session:
    """What `to_plain` wrote. Raises BadRequest where it is something else."""
    try:
        plain = value["setting"]
        setting = Setting(
            to=plain["to"],
            about=plain["about"],
            reaction=Reaction(plain["reaction"]),
            difficulty=int(plain["difficulty"]),
            seed=int(plain["seed"]),
            facts=tuple(map(str, plain["facts"])),
            pronouns=Pronouns(plain["pronouns"]) if plain["pronouns"] else None,
        )
        matter = read_matter(setting.about, setting.to, setting.pronouns, today)
        begun = opening(setting, matter)
        opened = replace(
            begun, text=str(value["opening"]), state=replace(begun.state, used=tuple(value["opening_used"]))
        )
        turns = tuple(_read_turn(turn, at) for at, turn in enumerate(value["turns"]))
        at = value["at"]
        if at is not None and not 0 <= at < len(turns):
            raise ValueError("at")
        return Session(setting=setting, matter=matter, opened=opened, turns=turns, at=at)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRequest("This rehearsal cannot be read: it was written by another version of Coach.") from error


def _read_turn(value: dict[str, Any], place: int) -> Turn:
    if value["parent"] is not None and not 0 <= value["parent"] < place:
        raise ValueError("parent")
    plain, said = value["state"], value["say"]
    step = plain["step"]
    state = State(
        **{name: plain[name] for name in _PLAIN_STATE},
        found=tuple(plain["found"]),
        used=tuple(plain["used"]),
        last_moves=tuple(map(Move, plain["last_moves"])),
        step=step
        and Step(text=step["text"], owner=step["owner"], due=date.fromisoformat(step["due"]) if step["due"] else None),
    )
    return Turn(
        **{name: value[name] for name in ("parent", "say", "reply", "moment", "hint", "voice", "replaced")},
        labelled=Labelled(parts=tuple(_read_parts(said, value["parts"]))),
        state=state,
    )


def _read_parts(said: str, parts: Sequence[dict[str, Any]]) -> Iterator[Part]:
    for part in parts:
        start, end = part["start"], part["end"]
        yield Part(span=Span(start, end, said[start:end]), moves=frozenset(map(Move, part["moves"])))
