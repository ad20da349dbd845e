"""What each word of a text does, by the tuned half of the language model."""

import numpy as np
import pytest

from coach.embed import built_in_embedder
from coach.language import sentences
from coach.tuned import Labels, joined, label_text, least, load_tuned, pieces

TEXT = "Grace stayed two hours on Thursday. Mr Alvi got his antibiotics on time. Keep my name out of it please."


def labels(text: str, to: str = "Grace") -> Labels:
    read = built_in_embedder().read
    assert read
    found = label_text(load_tuned("labels"), to, text, read)
    assert found
    return found


def test_each_sentence_does_what_it_does() -> None:
    found = labels(TEXT)
    behaviour, impact, aside = sentences(TEXT)
    assert found.mean("behaviour", behaviour.start, behaviour.end) > 0.5
    assert found.mean("impact", impact.start, impact.end) > 0.5
    assert found.mean("aside", aside.start, aside.end) > 0.5
    assert found.mean("aside", behaviour.start, behaviour.end) < 0.1


def test_who_is_meant_depends_on_whom_it_is_about() -> None:
    text = "Emre asked Mrs Farrow what else she was taking and wrote it in his notes."
    she = (text.index("she"), text.index("she") + 3)
    assert labels(text, "Emre").peak("recipient", 0, 4) > 0.5
    assert labels(text, "Mrs Farrow").peak("recipient", *she) > labels(text, "Emre").peak("recipient", *she)


def test_a_long_text_is_read_in_pieces_and_labelled_to_its_end() -> None:
    long = " ".join([TEXT] * 40)
    found = labels(long)
    assert found.spans[-1, 1] == len(long)
    assert [long[part.start : part.end] for part in pieces(long, 800)] == [part.text for part in pieces(long, 800)]
    assert all(long[a:b].strip() for a, b in found.spans)


def test_of_several_readings_the_least_counts() -> None:
    spans = np.array([[0, 3], [4, 7]])
    one = Labels(("invented",), spans, np.array([[0.9], [0.2]], np.float32))
    other = Labels(("invented",), spans, np.array([[0.1], [0.8]], np.float32))
    assert least([one, other]).values.ravel().tolist() == pytest.approx([0.1, 0.2])
    assert joined([one, one.moved(8)]).spans.tolist() == [[0, 3], [4, 7], [8, 11], [12, 15]]


def test_a_sentence_longer_than_is_read_at_once_is_cut_between_words() -> None:
    text = "and she stayed on to help " * 60
    parts = pieces(text, 100)
    assert max(part.end - part.start for part in parts) <= 100
    assert all(text[part.start : part.end] == part.text for part in parts)
    assert "".join(part.text for part in parts) == text.rstrip()
    assert all(not part.text[-1].isalpha() or not text[part.end].isalpha() for part in parts[:-1])


def test_readings_of_which_one_ends_early_are_compared_as_far_as_both_reach() -> None:
    long = Labels(("invented",), np.array([[0, 3], [4, 7]]), np.array([[0.9], [0.2]], np.float32))
    short = Labels(("invented",), np.array([[0, 3]]), np.array([[0.5]], np.float32))
    assert least([long, short]).values.ravel().tolist() == least([short, long]).values.ravel().tolist() == [0.5]


def test_words_that_stand_together_are_one_run() -> None:
    spans = np.array([[0, 3], [4, 7], [8, 11], [12, 15]])
    found = Labels(("insult",), spans, np.array([[0.0], [0.9], [0.7], [0.1]], np.float32))
    assert found.runs("insult", 0, 15) == [(4, 11)]
    assert found.runs("insult", 4, 11) == [], "all of a part is no run inside it"
    assert found.mean("insult", 100, 120) == 0.0


def test_no_sum_of_eight_bit_products_overflows_on_any_processor() -> None:
    """Where there is no VNNI such sums overflowed, and the same text was read otherwise: up to 0.28 of a probability."""
    session = load_tuned("labels").session
    assert session.get_session_options().get_session_config_entry("session.x64quantprecision") == "1"
