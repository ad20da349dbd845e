"""Words that mean the same or nearly the same."""

from coach.thesaurus import APART, NEAR, SAME, closeness, known


def test_close_words_are_close_and_days_are_not() -> None:
    assert closeness("repair", "repair") == 1.0
    assert closeness("repair", "fix") == SAME
    assert closeness("robe", "bathrobe") == NEAR
    assert closeness("monday", "tuesday") == APART
    assert closeness("qwxyz", "repair") == APART


def test_a_name_is_not_a_word() -> None:
    assert known("nurse") and not known("ngozi")
