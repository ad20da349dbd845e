"""Puts together what a model is asked: the situation, what fits it, the leader's own voice; within the budget."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from coach.budget import Counter, cost, counter_for, room
from coach.check import LONGEST_WORDS
from coach.draft import SLOT
from coach.endpoint import Endpoint
from coach.errors import TooLong
from coach.principles import Principle
from coach.prompt import named, quoted, turns
from coach.records import Message, Note
from coach.request import Request, Role, Turn
from coach.situation import Channel, Kind, Situation
from coach.standin import NOBODY, StandIns, stand_ins
from coach.unfit import LeftOut

SAMPLES = 3
ANSWER_TOKENS, OPENAI_ANSWER_TOKENS = 600, 2_000
"""OpenAI's newer models count their thinking as part of the answer."""
TEMPERATURE = 0.4
PROMPTS = {Kind.RECOGNITION: "recognition/v1", Kind.FEEDBACK: "feedback/v1"}
CHANNELS = {
    Channel.PUBLIC_CHAT: "a chat that the whole team reads",
    Channel.DIRECT: "a direct message",
    Channel.EMAIL: "an email",
    Channel.SPOKEN: "to be said aloud",
    Channel.CARD: "a card that goes round the team",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a draft may rest on: each list with the most relevant first."""

    situation: Situation
    notes: tuple[Note, ...]
    principles: tuple[Principle, ...]
    samples: tuple[Message, ...] = ()

    def without_the_least(self) -> "Material | None":
        """One whole passage less: the one that stands furthest down in its list, a voice sample before a principle before a
        note where they stand alike; None where none is left."""
        longest = max(("samples", "principles", "notes"), key=lambda name: len(getattr(self, name)))
        passages = getattr(self, longest)
        return replace(self, **{longest: passages[:-1]}) if passages else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The exact request, and what it was made of. `tokens` is exact or, where `counted` is False, at most that many."""

    endpoint: Endpoint
    request: Request
    prompt: str
    material: Material
    standins: StandIns
    people: tuple[str, ...] | None
    """Names from the notebook to hide; None where names leave as they are."""
    tokens: int
    counted: bool
    dropped: int

    @property
    def hash(self) -> str:
        """SHA-256 of the request as it leaves, model included."""
        whole = {"model": self.endpoint.model, **asdict(self.request)}
        return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def most_dollars(self) -> float | None:
        return cost(self.endpoint, self.tokens, self.request.max_tokens)


def prepare(
    material: Material,
    people: Sequence[str],
    left_out: Sequence[LeftOut],
    endpoint: Endpoint,
    hide_names: bool,
    tight: bool = False,
) -> Prepared:
    """Everything up to the moment before it leaves. `people`: names from the notebook. `tight`: half the room.

    Whole passages are dropped, the least relevant first, until the rest fits. Raises TooLong where the situation alone
    is too much.
    """
    answer = OPENAI_ANSWER_TOKENS if endpoint.is_openai else ANSWER_TOKENS
    most = room(endpoint, answer) // (2 if tight else 1)
    names = stand_ins([material.situation.to, *people], _texts(material)) if hide_names else NOBODY
    counter, fitting, dropped = counter_for(endpoint), material, 0
    while (asked := _turns(fitting, names, left_out), tokens := counter.of(asked))[1] > most:
        fewer = fitting.without_the_least()
        if fewer is None:
            raise TooLong("What happened is more than the model can read at once. Keep the one moment that matters.")
        fitting, dropped = fewer, dropped + 1
    return Prepared(
        endpoint=endpoint,
        request=Request(turns=asked, max_tokens=answer, temperature=TEMPERATURE),
        prompt=named(PROMPTS[material.situation.kind]),
        material=fitting,
        standins=names,
        people=tuple(people) if hide_names else None,
        tokens=tokens,
        counted=counter.exact,
        dropped=dropped,
    )


def _texts(material: Material) -> list[str]:
    """Everything that people wrote."""
    situation = material.situation
    samples = [sample.text for sample in material.samples]
    return [situation.to, situation.said, *(note.text for note in material.notes), *samples]


def _turns(material: Material, names: StandIns, left_out: Sequence[LeftOut]) -> tuple[Turn, ...]:
    def data(text: str) -> str:
        return quoted(names.hide(text))

    situation = material.situation
    return turns(
        PROMPTS[situation.kind],
        {
            "slot": SLOT,
            "to": data(called(situation.to)),
            "pronouns": situation.pronouns.value if situation.pronouns else "",
            "channel": CHANNELS[situation.channel],
            "words": LONGEST_WORDS[situation.channel],
            "happened": situation.happened.isoformat() if situation.happened else "",
            "today": situation.today.isoformat(),
            "situation": data(without(situation.said, left_out)),
            "notes": [{"day": note.date.isoformat(), "text": data(note.text)} for note in material.notes],
            "principles": [
                {"title": quoted(p.title).replace('"', "”"), "text": quoted(p.text), "not_when": quoted(p.not_when)}
                for p in material.principles
            ],
            "samples": [data(sample.text) for sample in material.samples],
        },
    )


_NO_TITLE = r"(?<!\bMr)(?<!\bMs)(?<!\bMx)(?<!\bDr)(?<!\bSt)(?<!\bMrs)(?<!\bProf)(?<!\b[A-Z])"
_BEHIND_A_NAME = re.compile(rf"[,:;!?()\[\]{{}}<>|\"“”\n/\\=]|{_NO_TITLE}\.(?=\s|$)")
MOST_NAME_WORDS = 6


def called(name: str) -> str:
    """A name and nothing behind it: it stands outside the delimiters too, where a sentence would read as an order."""
    words = _BEHIND_A_NAME.split(name, maxsplit=1)[0].split()[:MOST_NAME_WORDS]
    return " ".join(words) or name.split()[0]


def without(said: str, left_out: Sequence[LeftOut]) -> str:
    """What is not for the recipient's eyes is not for the model's either; what then is nothing stays as it was."""
    rest = said
    for part in left_out:
        rest = rest.replace(part.text, "")
    return rest.strip() if any(c.isalpha() for c in rest) else said


def repair(prepared: Prepared, message: str, objections: Sequence[str], counter: Counter | None = None) -> Prepared:
    """The same request with the answer to it and what is wrong with that answer; whom an edit named is hidden too."""
    counter, names = counter or counter_for(prepared.endpoint), prepared.standins
    if prepared.people is not None:
        names = stand_ins(prepared.people, [message, *objections], names)
    lines = "\n".join(f"- {quoted(names.hide(one))}" for one in objections)
    more = (
        Turn(role=Role.ASSISTANT, text=quoted(names.hide(message))),
        Turn(
            role=Role.USER,
            text=f"These parts are not in what was told:\n{lines}\nWrite the message again without them. "
            f"Where something is needed that was not told, write {SLOT}. Answer with the message alone.",
        ),
    )
    asked = replace(prepared.request, turns=(*prepared.request.turns, *more))
    return replace(prepared, request=asked, standins=names, tokens=counter.of(asked.turns))


def samples_for(situation: Situation, sent: Sequence[Message], person_id: str | None) -> tuple[Message, ...]:
    """Of the leader's own messages those that may serve as a sample: to this person, or praise that others read anyway.

    The same kind and channel first, then the newest.
    """
    usable = [
        one
        for one in sent
        if not one.sample
        and (one.person_id == person_id or (one.kind == Kind.RECOGNITION.value and Channel(one.channel).others_read))
        and not (situation.channel.others_read and not Channel(one.channel).others_read)
    ]
    ranked = sorted(
        usable,
        key=lambda one: (one.kind == situation.kind.value, one.channel == situation.channel.value, one.sent_at),
        reverse=True,
    )
    return tuple(ranked[:SAMPLES])
