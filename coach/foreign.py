"""Whether a message is in a language that Coach does not judge (py3langid, 139 languages)."""

import re
from functools import cache, lru_cache
from typing import Any

ENGLISH = frozenset(
    "the a an to of and in on at for with you your i my we our us it this that was is are were had has have did do not so "
    "when what who but be been from by as they them he she his her thanks thank".split()
)
ENGLISH_SHARE = 0.15
"""Of the words: from here on it is English, and nothing slower needs to look at it."""
FEWEST_WORDS = 4
"""Shorter texts look like many languages at once."""
NAMES = {
    "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch", "pl": "Polish",
    "sv": "Swedish", "da": "Danish", "no": "Norwegian", "nb": "Norwegian", "nn": "Norwegian", "fi": "Finnish", "tr": "Turkish",
    "cs": "Czech", "ro": "Romanian", "hu": "Hungarian", "ru": "Russian", "uk": "Ukrainian", "el": "Greek", "ar": "Arabic",
    "he": "Hebrew", "hi": "Hindi", "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "vi": "Vietnamese", "id": "Indonesian",
}  # fmt: skip
_SPACELESS = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@lru_cache(maxsize=256)
def foreign(message: str) -> str | None:
    """The language's name where it is not English; None where it is, or where too little is written to tell."""
    words = re.findall(r"[^\W\d_]+", message.lower())
    spaceless = len(_SPACELESS.findall(message)) > len(message) / 4
    if len(words) < FEWEST_WORDS and not spaceless:
        return None
    if sum(word in ENGLISH for word in words) >= ENGLISH_SHARE * len(words) and not spaceless:
        return None
    code = str(_identifier().classify(message)[0])
    return None if code == "en" else NAMES.get(code, "another language")


@cache
def _identifier() -> Any:
    from py3langid import langid

    return langid
