"""A case: what is put to a subject and what a good answer holds. Written by people, so read strictly."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, InstanceOf, ValidationError, model_validator

from coach.situation import Channel, Kind, Missing, Pronouns, Situation
from eval.errors import Misuse

FOLDER = Path(__file__).parent
TODAY = date(2026, 11, 21)
"""The day on which cases without one are read: a run must not depend on the day it is made."""
Day = date


class Suite(StrEnum):
    RECOGNITION = "recognition"
    FEEDBACK = "feedback"
    REHEARSAL = "rehearsal"
    RETRIEVAL = "retrieval"
    PRIVACY = "privacy"
    THIN = "thin"
    COUNTERFACTUAL = "counterfactual"

    @property
    def generates(self) -> bool:
        """Whether a message is written: those cases count towards the power of the gate."""
        return self not in (Suite.REHEARSAL, Suite.RETRIEVAL)


class Split(StrEnum):
    DEVELOPMENT = "development"
    SEALED = "sealed"


class _Strict(BaseModel):
    # Built when first used: making the validators takes longer than a replay.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class CaseNote(_Strict):
    id: str
    text: str
    date: Day = TODAY
    private: bool = False
    kind: str = "observation"
    person: str = ""


class Moment(_Strict):
    """The input of a case that asks for a message. `voice`: messages that the leader sent before."""

    situation: str
    to: str
    kind: Kind
    channel: Channel
    pronouns: Pronouns | None = None
    date: Day | None = None
    today: Day = TODAY
    voice: tuple[str, ...] = ()

    def told(self) -> Situation:
        return Situation(
            text=self.situation, to=self.to, kind=self.kind, channel=self.channel, pronouns=self.pronouns,
            happened=self.date, today=self.today,
        )  # fmt: skip


class Query(_Strict):
    """The input of a retrieval case: principles are looked for, or, with `notebook`, the notes of `to`."""

    q: str = Field(min_length=1)
    to: str = ""
    channel: Channel | None = None
    today: Day = TODAY
    notebook: str | None = None


class Scene(_Strict):
    """The input of a rehearsal case: the setting, and what the leader says turn by turn."""

    to: str
    about: str
    reaction: str | None = None
    difficulty: int = 2
    seed: int = 0
    private_facts: tuple[str, ...] = ()
    say: tuple[str, ...] = Field(min_length=1)


class Gold(_Strict):
    """What a good answer holds. In `must` and `facts` each entry is one wording or several that all will do.

    `relevant`: id -> grade. `missing`: what has to be asked for; None where that is not judged. `canaries`: words of private notes, which
    no channel that others read may hold. `labels`: for each turn of a rehearsal what it is.
    """

    relevant: dict[str, int] = Field(default_factory=dict)
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    missing: tuple[Missing, ...] | None = None
    canaries: tuple[str, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_wording(cls, value: Any) -> Any:
        """ "Friday" stands for ["Friday"]."""
        if isinstance(value, Mapping):
            return {
                name: [[one] if isinstance(one, str) else one for one in entries]
                if name in ("must", "facts") and isinstance(entries, list)
                else entries
                for name, entries in value.items()
            }
        return value


def _form_of(suite: object) -> type[Moment] | type[Query] | type[Scene]:
    if suite == Suite.RETRIEVAL:
        return Query
    return Scene if suite == Suite.REHEARSAL else Moment


class Case(_Strict):
    """`cluster` joins cases that grew from one situation: they are drawn together when intervals are computed."""

    id: str = Field(pattern=r"^[\w.:-]+$")
    suite: Suite
    split: Split
    cluster: str = ""
    tags: tuple[str, ...] = ()
    input: InstanceOf[Moment] | InstanceOf[Query] | InstanceOf[Scene]
    notes: tuple[CaseNote, ...] = ()
    gold: Gold = Gold()
    checks: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _by_suite(cls, value: Any) -> Any:
        """Read as the input of its suite, so that an error names the field and not three alternatives."""
        if not isinstance(value, dict) or not isinstance(value.get("input"), dict):
            return value
        form = _form_of(value.get("suite"))
        return {**value, "input": form.model_validate(value["input"])}

    @property
    def moment(self) -> Moment:
        if not isinstance(self.input, Moment):
            raise Misuse(f"{self.id} asks for no message.")
        return self.input

    @property
    def drawn_with(self) -> str:
        return self.cluster or self.id

    @property
    def input_text(self) -> str:
        """All that was put in, to be searched and compared."""
        if isinstance(self.input, Moment):
            return self.input.situation
        return self.input.q if isinstance(self.input, Query) else "\n".join([self.input.about, *self.input.say])

    @cached_property
    def digest(self) -> str:
        """Of what the subject is given; gold and checks may change without a new answer."""
        given = self.model_dump(mode="json", include={"input", "notes"})
        return digest_of(given)


def digest_of(value: object) -> str:
    """Twelve characters of SHA-256 over canonical JSON."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:12]


def read_cases(paths: Iterable[Path]) -> tuple[Case, ...]:
    """Every case of the files, in their order. Raises Misuse that names file and line."""
    return tuple(_case(path, number, line) for path in paths for number, line in _lines(path))


def _lines(path: Path) -> list[tuple[int, str]]:
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Misuse(f"{path} cannot be read as cases: {error}.") from error
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _case(path: Path, number: int, line: str) -> Case:
    try:
        return Case.model_validate(json.loads(line))
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'case'}: {one['msg']}" for one in error.errors())
        raise Misuse(f"{path.name}:{number} is no case: {reasons}.") from error
    except ValueError as error:
        raise Misuse(f"{path.name}:{number} is no JSON: {error}.") from error


def case_files(sealed: bool, folder: Path = FOLDER) -> tuple[Path, ...]:
    """One file a suite; other files in the folder are labelled texts for other measurements."""
    places = [folder / ("sealed" if sealed else "cases") / f"{suite}.jsonl" for suite in Suite]
    return tuple(path for path in places if path.is_file())


def select(
    cases: Sequence[Case], suites: Iterable[str] = (), tags: Iterable[str] = (), ids: Iterable[str] = ()
) -> tuple[Case, ...]:
    """Those of the suites, with all the tags and with one of the ids; an empty choice leaves all."""
    suites, tags, ids = frozenset(suites), frozenset(tags), frozenset(ids)
    return tuple(
        case
        for case in cases
        if (not suites or case.suite in suites) and tags <= {*case.tags} and (not ids or case.id in ids)
    )


_SPACE = re.compile(r"\s+")


def folded(text: str) -> str:
    """For comparing wordings: case, apostrophes, dashes and white space do not count."""
    return _SPACE.sub(" ", text.casefold().replace("’", "'").replace("–", "-").replace("‑", "-")).strip()
