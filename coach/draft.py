"""The built-in drafter: the leader's own sentences, put to the person, in the order the reader needs.

It adds nothing but courtesy. What the leader did not say becomes a slot `[…?]` and a question.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from coach.clauses import WISH, acts, roles, split_clauses, subject_of
from coach.language import carried, tag, verb_lemma
from coach.prompt import fill
from coach.recipient import Recipient, recipient, with_name_read, with_short_name
from coach.records import Note
from coach.scene import Scene, read_scene, settle
from coach.separate import Kept, Said, separate
from coach.situation import Channel, Kind, Missing, Situation
from coach.subject import lower_first, with_subject
from coach.to_the_point import to_the_point
from coach.tuned import Labels
from coach.turn import to_third, to_you
from coach.unfit import LeftOut

SLOT = "[…?]"
NEEDED = {
    Kind.RECOGNITION: (Missing.BEHAVIOUR, Missing.SITUATION, Missing.IMPACT),
    Kind.FEEDBACK: (Missing.BEHAVIOUR, Missing.SITUATION, Missing.IMPACT, Missing.WISH),
}
SNIPPET_WORDS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    missing: Missing
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The same facts in another tone: "plainer", "warmer" or "shorter"."""

    name: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    message: str
    variants: tuple[Variant, ...]
    questions: tuple[Question, ...]
    left_out: tuple[LeftOut, ...]
    notes_used: tuple[str, ...]


def draft(
    situation: Situation,
    notes: Sequence[Note] = (),
    labels: Labels | None = None,
) -> Draft:
    """A message from the situation and, where one fits, one of the notes the leader left switched on.

    `labels`: what each word of the situation's text does, where the language model is there to say.
    """
    person = with_short_name(recipient(situation.to, situation.other_names, situation.pronouns), situation.text)
    if labels:
        person = with_name_read(person, situation.text, partial(labels.peak, "recipient"))
    scene, meant = read_scene(person, situation.text), None
    if labels:
        pronouns, meant = settle(scene, situation.text, partial(labels.peak, "recipient"))
    kept, left_out = separate(situation.text, situation.channel, person.forms, labels, meant, person.group)
    scene = read_scene(person, " ".join(one.text for one in kept))
    if labels:
        scene.pronouns = pronouns
    after_others = [False, *(_tells_of_another(one) for one in kept)]
    said = [_say(one, scene, situation, after) for one, after in zip(kept, after_others, strict=False)]
    said = [one for one in said if one.text]
    said, missing = _add_answers(said, scene, situation, judged=labels is not None)
    sentences = _in_order(said, missing, situation.kind, person.called)
    remembered, note = _remember(notes, situation, person, scene)
    thanks = not any(_thanks(one.text) for one in said)
    # A question quotes nothing that was said to Coach alone.
    told = " ".join(one.text for one in kept) if kept and left_out else situation.text

    def arrange(texts: Sequence[str], tone: str) -> str:
        return _around(_body([*texts, *remembered], scene, situation), person, situation, thanks, tone)

    message = arrange(sentences, "")
    reactions = {one.text for one in said if not one.roles and _REACTION.search(one.text)}
    return Draft(
        message=message,
        variants=_alternatives(sentences, reactions, message, arrange),
        questions=tuple(Question(missing=m, text=_ask(m, person, told)) for m in missing),
        left_out=left_out,
        notes_used=(note.id,) if note else (),
    )


def put_to(situation: Situation) -> tuple[Said, ...]:
    """The leader's sentences as they would be said to the person, each with what it tells; nothing is added."""
    person = recipient(situation.to, situation.other_names, situation.pronouns)
    scene = read_scene(person, situation.text)
    kept, _ = separate(situation.text, situation.channel, person.forms)
    said = (_say(one, scene, situation) for one in kept)
    return tuple(one for one in said if one.text)


_REACTION = re.compile(
    r"\b(?:thank(?:s| you)?|well done|proud|impress\w+|appreciat\w+|grateful|great|brilliant|amazing|fantastic|awesome|lovely|superb|love|loved)\b",
    re.IGNORECASE,
)
_TODAY = re.compile(
    r"\b(?P<day>today|yesterday|tonight|this (?P<part>morning|afternoon|evening)|last night)\b", re.IGNORECASE
)


def _on_the_day(sentence: str, situation: Situation) -> str:
    """ "Today" is the day the leader gave: read on another day it becomes "on Wednesday" or "on 18 November"."""
    happened = situation.happened
    if happened is None:
        return sentence

    def turn(found: re.Match[str]) -> str:
        word = found["day"].lower()
        back = 1 if word in ("yesterday", "last night") else 0
        if (situation.today - happened).days == back:
            return found.group()
        part = found["part"] or {"tonight": "evening", "last night": "night"}.get(word, "")
        near = 0 < (situation.today - happened).days < 7
        day = f"{happened:%A}" if near else f"{happened.day} {happened:%B}"
        return f"on {day} {part}".rstrip() if near else f"on {'the ' + part + ' of ' if part else ''}{day}"

    return _TODAY.sub(turn, sentence)


def _tells_of_another(kept: Kept) -> bool:
    """Whether a "she" acts first in the sentence who is not the recipient: "she'd been refusing it for weeks. signed next day"."""
    first = next((token for token in tag(kept.text) if token.tag[:2] in ("PN", "NP", "NN")), None)
    return kept.meant is not None and first is not None and first.low in ("he", "she") and first.start not in kept.meant


DONE_FROM = 0.5
"""The probability of a deed from which on it is the recipient's, though the sentence before tells of another."""


def _say(kept: Kept, scene: Scene, situation: Situation, after_another: bool = False) -> Said:
    """One sentence of the leader's as it will be read, with what it tells. `after_another`: the one before it tells of
    somebody else, who may be whom this one leaves out."""
    asked = to_the_point(_on_the_day(kept.text, situation), scene, situation.channel)
    meant = None if kept.meant is None else carried(kept.text, kept.meant, asked)
    in_third = situation.channel is Channel.PUBLIC_CHAT
    turned = to_third(asked, scene, meant) if in_third else to_you(asked, scene, meant)
    led_to = kept.told.get(Missing.IMPACT, 0) > kept.told.get(Missing.BEHAVIOUR, 0) + 0.2
    done = kept.told.get(Missing.BEHAVIOUR, 0) > kept.told.get(Missing.WISH, 0) + 0.2
    theirs = after_another and kept.told.get(Missing.BEHAVIOUR, 0) < DONE_FROM
    turned = (
        turned if (led_to and not _HAD_DONE.match(turned)) or theirs else with_subject(turned, scene, in_third, done)
    )
    names = {"you"} if not in_third else _third_person_names(scene)
    if turned.strip(" .,!").lower() in ("you", scene.recipient.address.lower()):
        scene.mentions = 0  # "MARISOL. Table 9 was choking, she …": not named yet
        return Said("", frozenset())
    return Said(
        _polish(turned),
        roles(turned, acts(tag(turned), frozenset(names), situation.kind is Kind.RECOGNITION), kept.told),
    )


_HAD_DONE = re.compile(
    r"(?:had|has|have) (?:already|even|also) (?!been\b)\w+"
    r"|you (?:retiring|leaving) (?:on |this |next )?(?:\w+day|week|month|year|today|tomorrow)\W*$",
    re.IGNORECASE,
)
""" "Had already rung the yard", "you retiring Friday": of the person, whatever it led to."""


def _third_person_names(scene: Scene) -> set[str]:
    pronouns = {scene.pronouns.value} if scene.pronouns else set()
    return {word.lower() for form in scene.recipient.forms for word in form.split()} - {"the"} | pronouns


_ASKS = re.compile(r"(?:could|can|would|will) you\b(?:[^.!?]|\.(?=\d))*$", re.IGNORECASE)


def _polish(sentence: str) -> str:
    """Capital first letter, "I", and an end: what a phone keyboard would have done."""
    text = re.sub(r"(?<![\w'’.])i(?=(?:['’](?:m|d|ll|ve))?(?![\w.'’]))", "I", sentence.strip())
    text = re.sub(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day(?=s?\b)", lambda day: day.group().capitalize(), text)
    if not text:
        return ""
    short = re.match(r"(?:nhs|cctv|cqc|dvla|hmrc|ppe|bbc|dbs)\b", text)
    text = text[: short.end()].upper() + text[short.end() :] if short else text[0].upper() + text[1:]  # "nhs won't pay"
    ends = re.search(r"[.!?…][\"”’)]*$", text)
    return text if ends else text.rstrip(" ,;:-–—") + ("?" if _ASKS.match(text) else ".")


_THANKS = re.compile(
    r"(?:^|[.!?,;:–—-]\s*|\b(?:i|we|big|huge|many|so|and|say|a|please|to say)\s+)thank(?:s|\s+you)?\b"
    r"|(?:^|\b(?:i|we)(?:['’]m|['’]re| am| are| was| were) )(?:(?:so|very|really|most) )*grateful\b",
    re.IGNORECASE,
)
"""The leader's own: "nobody ever thanks you" and "they wrote to thank us" thank no one."""


def _thanks(text: str) -> bool:
    return bool(_THANKS.search(text))


def _add_answers(
    said: list[Said], scene: Scene, situation: Situation, judged: bool
) -> tuple[list[Said], tuple[Missing, ...]]:
    """Puts what the leader answered in its place, and says what is still missing. `judged`: the model said what is told."""
    for missing, text in situation.answers:
        if text.strip():
            said = _place(said, missing, text, scene, situation)
    told = frozenset[Missing]().union(*(one.roles for one in said))
    if Missing.IMPACT not in told and not judged and _shows_effect(said, scene, situation):
        told |= {Missing.IMPACT}
    return said, tuple(m for m in NEEDED[situation.kind] if m not in told)


def _shows_effect(said: Sequence[Said], scene: Scene, situation: Situation) -> bool:
    """Whether, after what the recipient did, somebody or something else does something: that is what it led to."""
    own = _third_person_names(scene) if situation.channel is Channel.PUBLIC_CHAT else {"you", "your"}
    acted = False
    for one in said:
        for clause in split_clauses(one.text):
            tokens = tag(clause.text)
            if acted and subject_of(tokens) and subject_of(tokens) not in own | {"i", "it", "this", "that"}:
                return True
            acted = acted or acts(tokens, frozenset(own), situation.kind is Kind.RECOGNITION)
    return False


def _place(said: list[Said], missing: Missing, text: str, scene: Scene, situation: Situation) -> list[Said]:
    answer = _say(Kept(text, {}, None), scene, situation)
    answer = replace(answer, roles=answer.roles | {missing})
    has_verb = any(t.tag[:2] in ("VV", "VB", "VH", "VD", "VM") for t in tag(answer.text))
    acting = next((at for at, one in enumerate(said) if Missing.BEHAVIOUR in one.roles), None)
    if missing is Missing.SITUATION and not has_verb and acting is not None:
        joined = f"{answer.text.rstrip('.')}, {lower_first(said[acting].text)}"
        return [*said[:acting], Said(joined, said[acting].roles | {missing}), *said[acting + 1 :]]
    if missing is Missing.WISH and not WISH.search(answer.text):
        request = re.sub(r"^(?:to|please) ", "", text.strip(), flags=re.IGNORECASE)
        request = to_you(request, scene)
        if tag(request) and verb_lemma(tag(request)[0].text) == tag(request)[0].low:
            answer = Said(_polish(f"Next time I'd like you to {lower_first(request)}"), answer.roles)
    if missing is Missing.IMPACT and acting is not None:
        return [*said[: acting + 1], answer, *said[acting + 1 :]]
    return [answer, *said] if missing in (Missing.SITUATION, Missing.BEHAVIOUR) else [*said, answer]


def _in_order(said: Sequence[Said], missing: Sequence[Missing], kind: Kind, name: str) -> list[str]:
    """Situation, behaviour, impact, then for feedback the wish; a slot stands where each missing part belongs.

    `name`: the recipient's, which stays as it is after a slot: "Big Dave".
    """
    wishes = _wishes(said) if kind is Kind.FEEDBACK else []
    texts = [one.text for one in said if one not in wishes]
    if Missing.BEHAVIOUR in missing:
        texts.append(SLOT)
    if Missing.SITUATION in missing and Missing.BEHAVIOUR not in missing:
        acting = next(
            (at for at, one in enumerate(o for o in said if o not in wishes) if Missing.BEHAVIOUR in one.roles), 0
        )
        texts[acting : acting + 1] = [
            f"{SLOT} {text if text.startswith(name) else lower_first(text)}" for text in texts[acting : acting + 1]
        ]
    if Missing.IMPACT in missing:
        texts.append(SLOT)
    return [*texts, *(one.text for one in wishes), *([SLOT] if Missing.WISH in missing else [])]


_HANGS_ON_WISH = re.compile(r"(?:its?|that|this|they|them|those|these|otherwise|then)\b", re.IGNORECASE)


def _wishes(said: Sequence[Said]) -> list[Said]:
    """What is asked for, which ends the message, with what follows it and takes it up: "No more cash at the bar. It stopped
    in March."."""
    found: list[Said] = []
    for at, one in enumerate(said):
        taken_up = at > 0 and said[at - 1] in found and _HANGS_ON_WISH.match(one.text)
        if one.roles == {Missing.WISH} or taken_up:
            found.append(one)
    return found


def _body(sentences: Sequence[str], scene: Scene, situation: Situation) -> str:
    text = " ".join(_collapse(sentences))
    opens_with_name = situation.channel in (Channel.DIRECT, Channel.SPOKEN, Channel.CARD)
    return lower_first(text, situation.text) if opens_with_name else text


def _collapse(sentences: Sequence[str]) -> list[str]:
    """Two slots side by side are one blank to fill."""
    return [text for at, text in enumerate(sentences) if not (text == SLOT and at and sentences[at - 1] == SLOT)]


TONES = ("plainer", "warmer", "shorter")


def _around(body: str, person: Recipient, situation: Situation, thanks: bool, tone: str = "") -> str:
    """The body with what its channel puts around it. A tone changes the courtesy, never the facts."""
    address, channel = person.address, situation.channel
    if channel in _NAMED_FIRST:
        address = address[0].upper() + address[1:]
    if tone in ("warmer", "shorter") and channel in _NAMED_FIRST:
        opens = tone == "shorter" or situation.kind is Kind.FEEDBACK
        body = _upper_first(body) if opens else body
    if situation.kind is Kind.RECOGNITION:
        return fill("built-in/recognition", channel=channel.value, address=address, body=body, thanks=thanks, tone=tone)
    question = "" if _asks(body) or channel is Channel.PUBLIC_CHAT else "How did you see it?"
    return fill("built-in/feedback", channel=channel.value, address=address, body=body, question=question, tone=tone)


_OPEN_QUESTION = re.compile(r"(?:^|[.!?,\]]\s+)(?:so )?(?:what|how|why)\b[^.!?\[\]]*\?", re.IGNORECASE)


def _asks(body: str) -> bool:
    """Whether the leader asks already: last of all, or an open question anywhere ("What happened? I want you to …")."""
    ends = body.rstrip()
    return (ends.endswith("?") and not ends.endswith(SLOT)) or bool(_OPEN_QUESTION.search(body))


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


_NAMED_FIRST = (Channel.DIRECT, Channel.SPOKEN, Channel.CARD)


def _alternatives(
    said: Sequence[str], reactions: Collection[str], message: str, arrange: Callable[[Sequence[str], str], str]
) -> tuple[Variant, ...]:
    """The same facts said plainer, warmer and shorter; what comes out like another one is left out."""
    found: dict[str, str] = {}
    for tone in TONES:
        kept = [text for text in said if text not in reactions or tone == "warmer"]
        text = arrange(kept or said, tone)
        if text != message and text not in found.values():
            found[tone] = text
    return tuple(Variant(name=name, message=text) for name, text in found.items())


def _snippet(said: str) -> str:
    words = said.split()
    return " ".join(words[:SNIPPET_WORDS]).rstrip(".,;:!?") + ("…" if len(words) > SNIPPET_WORDS else "")


_ASK = {
    Missing.BEHAVIOUR: "“{said}”: what exactly did {name} do?",
    Missing.SITUATION: "“{said}”: when or where did {name} do this?",
    Missing.IMPACT: "“{said}”: what did it change, and for whom, that {name} did this?",
    Missing.WISH: "“{said}”: what would you like {name} to do next time?",
}


def _ask(missing: Missing, person: Recipient, said: str) -> str:
    return _ASK[missing].format(said=_snippet(said), name=person.called)


def _remember(
    notes: Sequence[Note], situation: Situation, person: Recipient, scene: Scene
) -> tuple[list[str], Note | None]:
    """One sentence from the first note that can be quoted, with its day. A card and a team get none."""
    if situation.channel is Channel.CARD or person.group:
        return [], None
    for note in notes:
        sentence = _from_note(note, situation, scene)
        if sentence:
            return [sentence], note
    return [], None


def quotable(note: Note, situation: Situation) -> bool:
    """Whether the drafter can put the note into this message, should the leader want it."""
    person = recipient(situation.to, situation.other_names, situation.pronouns)
    return bool(_remember([note], situation, person, read_scene(person, note.text))[0])


def _from_note(note: Note, situation: Situation, scene: Scene) -> str:
    """ "Told me she wants to present." -> "I also remember 12 March, when you told me you want to present." """
    if situation.channel.others_read and (note.private or note.kind not in ("observation", "strength")):
        return ""
    sentence = re.split(r"(?<=[.!?])\s+", note.text.strip())[0].rstrip(".")
    started = tag(sentence)
    if not started or not (started[0].tag[:2] in ("VV", "VH", "VB") or started[0].low in ("i", "he", "she", "they")):
        return ""
    in_third = situation.channel is Channel.PUBLIC_CHAT
    scene = replace(scene, pronouns=scene.pronouns or read_scene(scene.recipient, sentence).pronouns)
    turned = to_third(sentence, scene) if in_third else to_you(sentence, scene)
    turned = with_subject(turned, scene, in_third, done=True)
    year = f" {note.date.year}" if note.date.year != situation.today.year else ""
    return _polish(f"I also remember {note.date.day} {note.date:%B}{year}, when {lower_first(turned)}")
