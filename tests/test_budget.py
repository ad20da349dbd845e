"""The budget: never undercounted, whole passages dropped, prices with their date."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach import compose
from coach.budget import Counter, bound, cost, counter_for, in_words, prices
from coach.compose import Material, prepare
from coach.endpoint import Endpoint
from coach.errors import BadFile, TooLong
from coach.principles import read_library
from coach.records import Note
from coach.situation import Channel, Kind, Situation

SCRIPTS = {
    "Latin": "She rewrote the handover checklist before nights, so nobody had to guess. Grüße, naïve façade, Łódź.",
    "Greek": "Έγραψε ξανά τη λίστα παράδοσης πριν από τη νυχτερινή βάρδια.",
    "Cyrillic": "Она переписала список передачи смены, и никому не пришлось гадать.",
    "Arabic": "أعادت كتابة قائمة التسليم قبل المناوبة الليلية فلم يضطر أحد إلى التخمين. ﷺ ﷽",
    "Hebrew": "היא כתבה מחדש את רשימת המסירה לפני משמרת הלילה.",
    "Devanagari": "उसने रात की पाली से पहले हैंडओवर सूची फिर से लिखी।",
    "Thai": "เธอเขียนรายการส่งเวรใหม่ก่อนกะกลางคืน จึงไม่มีใครต้องเดา",
    "Han": "她在夜班之前重写了交接清单，没有人需要猜测。",
    "Kana": "かのじょは よるの シフトの まえに ひきつぎ リストを かきなおしました。ｶﾀｶﾅ",
    "Hangul": "그녀는 야간 근무 전에 인계 목록을 다시 작성했습니다.",
    "Emoji": "👩🏽‍⚕️🎉🙏 ½ ㎏ ﬁne",
}
HERE = Endpoint(url="http://localhost:1", model="m")


def encoding():  # type: ignore[no-untyped-def]
    """A real byte-level encoding, its table learnt here: nothing to download."""
    import tiktoken
    from tiktoken._educational import SimpleBytePairEncoding, bpe_train

    pattern = r"""\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+"""
    ranks = bpe_train(data="\n".join(SCRIPTS.values()), vocab_size=400, pat_str=pattern, visualise=None)
    assert SimpleBytePairEncoding(pat_str=pattern, mergeable_ranks=ranks).encode("She", visualise=None)
    return tiktoken.Encoding("ours", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})


@pytest.fixture(scope="module")
def ours():  # type: ignore[no-untyped-def]
    return encoding()


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_bound_never_undercounts(script: str, ours) -> None:  # type: ignore[no-untyped-def]
    text = SCRIPTS[script]
    for part in (text, text * 3, text[::-1], text.upper(), *text.split()):
        assert len(ours.encode(part)) <= bound(part)


@given(st.text())
def test_the_bound_never_undercounts_any_text(text: str) -> None:
    """Bytes as tokens is the worst that an encoding with a byte fallback can do."""
    assert bound(text) >= len(text.encode("utf-8", "replace"))


def test_local_models_are_counted_from_above_and_say_so() -> None:
    assert counter_for(HERE) == Counter(bound, exact=False)


def note(at: int, words: int) -> Note:
    text = f"note-{at} " + "word " * words
    return Note(
        id=str(at), person_id="p", person="Amara", date=date(2026, 1, 1), kind="observation", private=False, text=text
    )


def material(notes: tuple[Note, ...], text: str = "She fixed the export.") -> Material:
    situation = Situation(
        text=text, to="Amara", kind=Kind.RECOGNITION, channel=Channel.DIRECT, today=date(2026, 11, 20)
    )
    return Material(situation=situation, notes=notes, principles=tuple(read_library().principles[:3]))


def test_whole_passages_go_the_least_relevant_first(monkeypatch: pytest.MonkeyPatch) -> None:
    notes = tuple(note(at, 150) for at in range(5))
    kept_before = None
    for room in (20_000, 7_000, 5_500, 4_500, 3_600):
        monkeypatch.setattr(compose, "room", lambda *_, room=room: room)
        asked = prepare(material(notes), [], (), HERE, hide_names=False)
        assert asked.tokens <= room
        kept = (len(asked.material.notes), len(asked.material.principles))
        assert asked.material.notes == notes[: kept[0]], "the least relevant goes first, and whole"
        user = asked.request.turns[1].text
        assert all((one.text.strip() in user) == (one in asked.material.notes) for one in notes)
        assert "She fixed the export." in user
        assert kept_before is None or kept <= kept_before
        assert asked.dropped == 5 + 3 - sum(kept)
        kept_before = kept
    assert kept_before is not None and kept_before < (5, 3)


def test_a_situation_that_does_not_fit_is_not_cut() -> None:
    with pytest.raises(TooLong):
        prepare(material((), "She fixed it. " * 550), [], (), HERE, hide_names=False)


def test_prices_have_their_date_and_are_not_negative() -> None:
    assert prices().as_of <= date(2026, 11, 21)
    assert all(price.tokens_in > 0 and price.tokens_out > 0 for price in prices().models.values())


@pytest.mark.parametrize(
    ("url", "model", "dollars"),
    [
        ("https://api.openai.com/v1", "gpt-4o-mini", 0.00075),
        ("https://api.openai.com/v1", "gpt-4o-mini-2024-07-18", 0.00075),
        ("https://api.openai.com/v1", "gpt-9", None),
        ("https://models.example/v1", "gpt-4o-mini", None),  # somebody else's price
        ("http://localhost:11434", "gpt-4o-mini", 0.0),
    ],
)
def test_a_known_price_is_said(url: str, model: str, dollars: float | None) -> None:
    said = cost(Endpoint(url=url, model=model), 1_000, 1_000)
    assert said == (pytest.approx(dollars) if dollars is not None else None)


@pytest.mark.parametrize(
    ("dollars", "words"),
    [(None, "price not known"), (0.0, "free of charge"), (0.0004, "less than a tenth of a cent"), (0.0123, "about 1.3 US cents")],
)  # fmt: skip
def test_a_price_in_words(dollars: float | None, words: str) -> None:
    said = in_words(dollars)
    assert said.startswith(words)
    assert ("by prices noted in March 2026" in said) is bool(dollars), "what is out of date says so"


def test_prices_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "prices.yaml"
    own.write_text("as_of: 2026-11-20\nmodels:\n  gpt-9: {tokens_in: 1, tokens_out: 3}\n")
    monkeypatch.setenv("COACH_PRICES", str(own))
    prices.cache_clear()
    try:
        assert cost(Endpoint(url="https://api.openai.com/v1", model="gpt-9"), 1_000_000, 1_000_000) == 4
        own.write_text("models: many")
        prices.cache_clear()
        with pytest.raises(BadFile, match="cannot be read as prices"):
            prices()
    finally:
        prices.cache_clear()


def test_the_passage_furthest_down_goes_first() -> None:
    """Three principles and five notes: two notes go before anything else, then the lists take turns."""
    now, left = material(tuple(note(at, 1) for at in range(5))), []
    while (fewer := now.without_the_least()) is not None:
        now = fewer
        left.append((len(now.notes), len(now.principles)))
    assert left == [(4, 3), (3, 3), (3, 2), (2, 2), (2, 1), (1, 1), (1, 0), (0, 0)]
