"""From approval to history, and into the mail program."""

from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from coach.send import LONGEST_MAILTO, mailto


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=150),
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60),
)
def test_a_mail_link_gives_back_exactly_subject_and_body(body: str, about: str) -> None:
    link = mailto(body, about)
    if link is None:
        assert len(body.encode()) + len(about.encode()) > LONGEST_MAILTO // 4
        return
    fields = parse_qs(urlsplit(link).query, keep_blank_values=True, strict_parsing=True)
    assert fields == {"subject": [about], "body": [body]}


def test_line_breaks_are_those_of_mail_and_cannot_add_a_header() -> None:
    assert mailto("one\ntwo", "Hi\r\nBcc: x@y") == "mailto:?subject=Hi%0D%0ABcc%3A%20x%40y&body=one%0D%0Atwo"


def test_a_message_too_long_for_a_link_gets_none() -> None:
    assert mailto("word " * 1_000, "Thank you") is None
