"""The labelled texts of `eval/train` and the development cases as token labels. The cases kept aside are never read."""

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from coach.tuned import knowing  # noqa: E402

EVAL = ROOT / "eval"
SITUATION = "occasion behaviour impact wish reaction background insult aside others-fault private speculation".split()
FAULTS = (
    "stock-phrase names-a-trait absolute mind-reading hearsay comparison faint-praise loaded-wording exaggeration "
    "but-clause blame micromanaging threat hedging"
).split()
LABELS = [*SITUATION, *FAULTS, "recipient", "another-issue"]
WHOLE = {"no-situation": "occasion", "no-behaviour": "behaviour", "no-impact": "impact", "no-next-step": "wish"}
"""A message without the label anywhere has the fault."""
OTHER_FAULTS = 0.25
"""Weight of the labels that a sentence was not written for: it may commit another fault by the way."""
PUBLIC = ("public-chat", "card")


@dataclass(frozen=True)
class Example:
    """A pair of texts, what came first for context, labels for the words of the second.

    ids int [tokens]; wanted and weight float32 [tokens, labels]; whole float32 [labels]: 1 where the label stands
    somewhere in the text, 0 where nowhere, -1 unknown.
    """

    ids: NDArray[np.int64]
    spans: NDArray[np.int64]
    words: NDArray[np.bool_]
    wanted: NDArray[np.float32]
    weight: NDArray[np.float32]
    whole: NDArray[np.float32]
    group: str

    @property
    def held_back(self) -> bool:
        """About one in seven, by its group, to choose thresholds with."""
        return _share(self.group) < 0.15


def lines(path: Path) -> Iterator[dict[str, Any]]:
    yield from (json.loads(line) for line in path.read_text("utf-8").splitlines())


def read_pair(tokenizer: Tokenizer, first: str, second: str, labels: int, group: str) -> Example:
    row = tokenizer.encode(first, second)
    words = np.array([one == 1 for one in row.sequence_ids])
    empty = np.zeros((len(row.ids), labels), np.float32)
    whole = np.full(labels, -1, np.float32)
    return Example(np.array(row.ids), np.array(row.offsets), words, empty, empty.copy(), whole, group)


def mark(example: Example, start: int, end: int, label: int) -> None:
    inside = example.words & (example.spans[:, 0] < end) & (example.spans[:, 1] > start)
    example.wanted[inside, label] = 1


def weigh(example: Example, labels: Sequence[str], weight: float = 1.0) -> None:
    columns = [LABELS.index(label) for label in labels]
    example.weight[np.ix_(example.words, columns)] = weight


def label_examples(tokenizer: Tokenizer) -> list[Example]:
    kinds = (_situations, _unfit, _thin, _sentences, _messages, _private, _issues)
    return [example for kind in kinds for example in kind(tokenizer)]


def _situations(tokenizer: Tokenizer) -> Iterator[Example]:
    marked = {line["id"]: line["marked"] for line in lines(EVAL / "train" / "mentions.jsonl")}
    for line in lines(EVAL / "train" / "situations.jsonl"):
        text, at = "".join(segment["text"] for segment in line["segments"]), 0
        example = read_pair(tokenizer, line["to"], text, len(LABELS), line["id"])
        for segment in line["segments"]:
            for label in segment["labels"]:
                mark(example, at, at + len(segment["text"].rstrip()), LABELS.index(label))
            at += len(segment["text"])
        weigh(example, SITUATION)
        if line["id"] in marked:
            for start, end in _braced(marked[line["id"]]):
                mark(example, start, end, LABELS.index("recipient"))
            weigh(example, ["recipient"])
        yield example


UNFIT = {"o": "others-fault", "i": "insult", "a": "aside", "p": "private", "g": "speculation"}
_UNFIT_MARK = re.compile(r"\{([oiapg]):([^{}]*)\}")


def _unfit(tokenizer: Tokenizer) -> Iterator[Example]:
    """Texts in which only what is not for the recipient's eyes is marked: "the rota {o:that Declan had got wrong}"."""
    for line in lines(EVAL / "train" / "unfit.jsonl"):
        text = _UNFIT_MARK.sub(r"\2", line["marked"])
        example = read_pair(tokenizer, line["to"], text, len(LABELS), line["id"])
        for at, found in enumerate(_UNFIT_MARK.finditer(line["marked"])):
            start = found.start() - at * len("{o:}")
            mark(example, start, start + len(found[2].rstrip()), LABELS.index(UNFIT[found[1]]))
        weigh(example, [*UNFIT.values()])
        yield example


TOLD = {"situation": "occasion", "behaviour": "behaviour", "impact": "impact", "wish": "wish"}


def _thin(tokenizer: Tokenizer) -> Iterator[Example]:
    """Texts of which only what they do not tell is known: no word of them does, and somewhere some word tells the rest."""
    for line in lines(EVAL / "train" / "thin.jsonl"):
        asked = line["request"]
        example = read_pair(tokenizer, asked["to"], asked["situation"], len(LABELS), line["id"])
        for role, label in TOLD.items():
            if role in line["missing"]:
                weigh(example, [label])
            if role != "wish" or asked["kind"] == "feedback":
                example.whole[LABELS.index(label)] = role not in line["missing"]
        yield example


THIRD_PERSON = frozenset(
    "he she they him her them his hers their theirs himself herself themselves themself hes shes theyre".split()
)


def mention_examples(tokenizer: Tokenizer) -> list[Example]:
    """Every text with its marks; one label: the recipient. What is no pronoun counts little: names are easy."""
    told_to = {line["id"]: line["to"] for line in lines(EVAL / "train" / "situations.jsonl")}
    found = []
    marked = [*lines(EVAL / "train" / "mentions.jsonl")]
    for line in (*marked, *(_dictated(line) for line in marked if "to" in line and _share(line["id"]) < DICTATED)):
        text = line["marked"].replace("{{", "").replace("}}", "")
        example = read_pair(tokenizer, line.get("to") or told_to[line["id"]], text, 1, line["id"])
        for start, end in _braced(line["marked"]):
            mark(example, start, end, 0)
        example.weight[example.words] = 0.15
        for word in re.finditer(r"\w+", text):
            if word.group().lower() in THIRD_PERSON:
                inside = example.words & (example.spans[:, 0] < word.end()) & (example.spans[:, 1] > word.start())
                example.weight[inside] = 1
        found.append(example)
    return found


DICTATED = 0.25
"""The share of texts that are read once more as a phone would have them."""


def _dictated(line: dict[str, Any]) -> dict[str, Any]:
    """In small letters, without apostrophes, and one in two without marks: "{{She}}'s back." -> "{{shes}} back"."""
    text = re.sub(r"(?<=[a-z}])['’](?=(?:s|ve|re)\b)", "", line["marked"].lower())
    text = re.sub(r"\{\{(he|she|they)\}\}(s|ve|re)\b", r"{{\1\2}}", text)
    if _share(text) < 0.5:
        text = re.sub(r"(?<!\d)[.,;:!?\"()–—](?!\d)", " ", text)
    return {**line, "marked": " ".join(text.split())}


def _share(text: str) -> float:
    """A number from 0 to 1 that stays with a text."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 100 / 100


def _braced(marked: str) -> Iterator[tuple[int, int]]:
    """ "{{She}} left" -> (0, 3): offsets in the text without the braces."""
    at, plain = 0, 0
    while (start := marked.find("{{", at)) >= 0:
        end = marked.index("}}", start)
        plain += start - at
        yield plain, plain + end - start - 2
        plain += end - start - 2
        at = end + 2


def _sentences(tokenizer: Tokenizer) -> Iterator[Example]:
    for line in lines(EVAL / "train" / "sentences.jsonl"):
        example = read_pair(tokenizer, "", line["text"], len(LABELS), line["text"])
        code = "private" if line["code"] == "private-detail" else line["code"]
        if line["span"]:
            start = line["text"].index(line["span"])
            mark(example, start, start + len(line["span"]), LABELS.index(code))
        weigh(example, [*FAULTS, "private"], OTHER_FAULTS)
        weigh(example, [code])
        yield example


def _messages(tokenizer: Tokenizer) -> Iterator[Example]:
    for case in lines(EVAL / "cases" / "checks-dev.jsonl"):
        text = case["message"]
        example = read_pair(tokenizer, case["to"], text, len(LABELS), case["id"])
        for span in case["spans"]:
            code = "private" if span["code"] == "private-detail" else span["code"]
            mark(example, text.index(span["text"]), text.index(span["text"]) + len(span["text"]), LABELS.index(code))
        weigh(example, FAULTS + ["private"] * (case["channel"] in PUBLIC))
        if case["kind"] == "feedback":
            example.whole[LABELS.index("another-issue")] = "several-issues" in case["message_codes"]
        for code, label in WHOLE.items():
            if code != "no-next-step" or case["kind"] == "feedback":
                example.whole[LABELS.index(label)] = code not in case["message_codes"]
        yield example


def _private(tokenizer: Tokenizer) -> Iterator[Example]:
    for case in pairs():
        if case["request"]["channel"] in PUBLIC:
            yield _with_private_parts(tokenizer, case, case["request"]["to"])


def _with_private_parts(tokenizer: Tokenizer, case: dict[str, Any], first: str) -> Example:
    message = case["request"]["message"]
    example = read_pair(tokenizer, first, message, len(LABELS), case["request"]["situation"])
    for text in case["private"]:
        start = message.index(text)
        mark(example, start, start + len(text), LABELS.index("private"))
    weigh(example, ["private"])
    return example


def private_examples(tokenizer: Tokenizer) -> list[Example]:
    """Messages that others can read, after the private notes on whom they are about; one label: private.

    "May your papers come through" is private where a note speaks of them.
    """
    found = [*_sentences(tokenizer), *_messages(tokenizer)]
    for case in (*pairs(), *lines(EVAL / "train" / "private.jsonl")):
        if case["request"]["channel"] in PUBLIC:
            noted = [note["text"] for note in case["request"].get("notes", []) if note["private"]]
            found.append(_with_private_parts(tokenizer, case, knowing(case["request"]["to"], noted)))
    only = [LABELS.index("private")]
    return [
        replace(one, wanted=one.wanted[:, only], weight=one.weight[:, only], whole=one.whole[only]) for one in found
    ]


def kept_out_examples(tokenizer: Tokenizer) -> list[Example]:
    """What a leader types for Coach to know and not to pass on, with the words that say so; one label: kept-out.

    Beside as many and more texts of `situations.jsonl` and `unfit.jsonl`, in which nothing is.
    """
    found = []
    for line in lines(EVAL / "train" / "kept-out.jsonl"):
        text = line["marked"].replace("{{", "").replace("}}", "")
        example = read_pair(tokenizer, line["to"], text, 1, line["id"])
        for start, end in _braced(line["marked"]):
            mark(example, start, end, 0)
        found.append(example)
    for line in lines(EVAL / "train" / "situations.jsonl"):
        asides = " ".join(one["text"] for one in line["segments"] if "aside" in one["labels"])
        if not _SECRET.search(asides):
            text = "".join(segment["text"] for segment in line["segments"])
            found.append(read_pair(tokenizer, line["to"], text, 1, line["id"]))
    for line in lines(EVAL / "train" / "unfit.jsonl"):
        asides = " ".join(one[2] for one in _UNFIT_MARK.finditer(line["marked"]) if one[1] == "a")
        if not _SECRET.search(asides):
            found.append(read_pair(tokenizer, line["to"], _UNFIT_MARK.sub(r"\2", line["marked"]), 1, line["id"]))
    for example in found:
        example.weight[example.words] = 1
        example.whole[0] = example.wanted.max()
    return found


_SECRET = re.compile(
    r"\b(?:mention\w*|secret|confiden\w+|between|keep|leave|out|say|tell|put|not|off the record|only|nobody|surprise|know\w*)\b|n['’]?t\b",
    re.IGNORECASE,
)
"""Asides with which something may be: such a text is not learnt from."""


def _issues(tokenizer: Tokenizer) -> Iterator[Example]:
    """Feedback that raises more than one matter, and feedback that only seems to."""
    for line in lines(EVAL / "train" / "issues.jsonl"):
        example = read_pair(tokenizer, line["to"], line["message"], len(LABELS), line["id"])
        for text in line["others"]:
            start = line["message"].index(text)
            mark(example, start, start + len(text), LABELS.index("another-issue"))
        weigh(example, ["another-issue"])
        yield example


def pairs() -> Iterator[dict[str, Any]]:
    """With the hard development cases; not the others: the threshold is chosen on those."""
    yield from lines(EVAL / "train" / "grounding.jsonl")
    yield from lines(EVAL / "cases" / "grounding-hard-dev.jsonl")


def grounding_examples(tokenizer: Tokenizer) -> list[Example]:
    """What was told, then the message; one label: invented."""
    found = []
    for case in pairs():
        request = case["request"]
        told = "\n".join([request["situation"], *(note["text"] for note in request.get("notes", []))])
        example = read_pair(tokenizer, f"To {request['to']}. {told}", request["message"], 1, request["situation"])
        for text in case["inventions"]:
            start = request["message"].index(text)
            mark(example, start, start + len(text), 0)
        example.weight[example.words] = 1
        found.append(example)
    return found
