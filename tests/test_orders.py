"""What only tells Coach what to write and for whom is no part of the message, and nothing that happened goes with it."""

import pytest

from coach.desk import Desk
from coach.draft import draft
from coach.language import Span
from coach.orders import blanked, less_order
from coach.situation import Channel, Kind
from coach.unfit import Reason
from tests.test_draft import about

DID = "took the whole queue on Friday, so nobody left"


@pytest.mark.parametrize(
    "order",
    [
        "for Bea: ",
        "For Bea - ",
        "for bea, ",
        "re Bea: ",
        "to Bea: ",
        "TO: Bea. ",
        "Card for Bea - ",
        "for beas card: ",
        "For Bea's leaving card. ",
        "message to Bea: ",
        "Email to Bea (new on tills): ",
        "one for Bea please, ",
        "thank you card, Bea, ",
        "thank u note for Bea from all of us: ",
        "quick thank you for bea - ",
        "shoutout for Bea, she ",
        "shoutout 4 bea!! she ",
        "quick shoutout pls for Bea. ",
        "a bit of feedback to Bea, she ",
        "Kudos - Bea. ",
        "Kudos for Bea! She ",
        "a mention for Bea, ",
        "i need a thank you for Bea, she ",
        "recognition for Bea, front desk. She ",
        "Can you draft a message to Bea saying that she ",
        "hi can you help me say to Bea that she ",
        "Could ye say to Bea she ",
        "write to Bea. she ",
        "Bea - recognition - ",
        "Bea's shoutout: ",
        "Recognition: Bea ",
        "for assembly: Bea ",
        "for the team channel: Bea ",
        "notes for 1:1 w Bea. She ",
        "so this is for bea um she ",
        "Feedback Bea pls, she ",
        "Behaviour: Bea ",
        "tone: warm, not gushing. Bea ",
        "right this one is for bea in the post room she ",
        "Can you do a post for the channel for Bea - she ",
        "Hi can you make a nice message to my colleague Bea, she ",
        "say in the huddle: bea ",
        "One to one with Bea, points: she ",
        "For a retirement card. Bea ",
        "WHAT - Bea ",
        "For Bea Hardy: she ",
        "hi so its about Bea, she ",
    ],
)
def test_an_order_is_no_part_of_the_message(order: str) -> None:
    made = draft(about(f"{order}{DID}", to="Bea"))
    assert made.message == "Bea, you took the whole queue on Friday, so nobody left. Thank you."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("message to Bea re friday: took the whole queue alone", "on Friday, you took the whole queue alone."),
        ("Feedback for Bea on Friday's briefing: she talked over Ines", "on Friday's briefing: you talked over Ines."),
        ("need to give Bea feedback about friday. she talked over Ines", "about Friday. You talked over Ines."),
        ("Write a short thank you to Bea for staying late on Tuesday", "Bea, thank you for staying late on Tuesday."),
        ("draft a note to Bea, our clerk, thanking her for the way she spoke", "thank you for the way you spoke."),
        ("Message for Bea, late again", "Bea, you were late again."),
        ("Feedback for Bea, till short again", "Bea, till short again."),
        ("Card for Bea, retiring Friday. She knew every child", "retiring Friday."),
        ("props for Bea for staying past midnight on Tuesday", "thank you for staying past midnight on Tuesday."),
        (
            "situation: export failed. behaviour: Bea stayed. impact: billing ran",
            "export failed. you stayed. Billing ran.",
        ),
    ],
)
def test_what_an_order_is_about_stays(typed: str, said: str) -> None:
    assert said in draft(about(typed, to="Bea")).message.replace("[…?] ", "")


@pytest.mark.parametrize(
    "typed",
    [
        "For Bea it was the third Friday in a row.",
        "For Bea, that was the hardest shift of the year.",
        "One of Bea's regulars came back on Friday.",
        "A word from Bea on Friday, and the whole ward laughed.",
        "Bea sent a message to Tom on Friday: the tills were down.",
        "Bea wrote a card for Tom, everyone signed it.",
        "Message Bea sent on Friday: clear and short.",
        "About time: Bea has got her certificate.",
        "A post on the fence broke and Bea mended it.",
        "Something for Bea, Tom and Ann: they counted the takings.",
        "I got an email about Bea. A customer said she was rude.",
        "We wanted a card for Bea, our cleaner, and 30 people signed it.",
        "I message Bea: no reply. Three times on Monday.",
        "I have to say to Bea every week to shut the gate.",
        "I need to speak to Bea, said the customer.",
        "Talk to Bea: every customer says so.",
        "Tone: she kept calm when the customer shouted.",
        "For Bea, left with nine beds on Friday, it was a hard night.",
    ],
)
def test_what_only_looks_like_an_order_stays(typed: str) -> None:
    sentence = Span(0, len(typed), typed)
    assert less_order(sentence, ("Bea",), False) == (sentence, "")


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ("note for Bea,", "ha" * 2000 + "!"),
        ("note for Bea,", "a-" * 2000),
        ("", "please " * 3000),
        ("", "for Bea " * 2000),
    ],
)
def test_hostile_lengths_are_read_at_once(head: str, tail: str) -> None:
    typed = f"{head} {tail}".lstrip()
    told, order = less_order(Span(0, len(typed), typed), ("Bea",), False)
    assert (told.text, order) == (tail, head)


@pytest.mark.parametrize(
    ("typed", "to"),
    [
        ("Will you write a note for Will: ", "Will"),
        ("card for Ed: ", "Ed"),
        ("please send a note to the team: ", "the team"),
    ],
)
def test_a_name_that_is_a_word_of_orders_too(typed: str, to: str) -> None:
    sentence = f"{typed}{DID}"
    assert less_order(Span(0, len(sentence), sentence), (to,), False)[1] == typed.strip()


def test_an_order_is_named_as_left_out_and_a_fields_name_is_not() -> None:
    made = draft(about("Message to Bea: took the queue alone.\nImpact: nobody left", to="Bea"))
    assert [(one.text, one.reason) for one in made.left_out] == [("Message to Bea:", Reason.ASIDE)]


def test_a_post_keeps_the_thanks_that_everybody_reads() -> None:
    made = draft(about(f"Shoutout to Bea, she {DID}", to="Bea", channel=Channel.PUBLIC_CHAT))
    assert made.message.startswith("Shoutout to Bea, she took the whole queue")


def test_the_model_reads_only_what_happened(desk: Desk) -> None:
    typed = "hi can you help me say to Mags that the way she sat with Mr Pritchard on Monday was lovely"
    assert blanked(typed, ("Mags",)).split() == ["Mags", *typed.split()[9:]]
    assert "the way you sat with Mr Pritchard" in desk.write(about(typed, to="Mags")).draft.message


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("turns up ten minutes late most days.", "you turn up ten minutes late most days."),
        ("answers emails at midnight and then two of us do too.", "you answer emails at midnight"),
        ("never volunteers for the phones.", "you never volunteer for the phones."),
        ("doesn't check back after mains.", "you don't check back after mains."),
        ("not wearing the glasses on the grinder.", "you were not wearing the glasses"),
        ("Had already rung the yard for another.", "you had already rung the yard"),
        ("On Friday, stayed late with the auditors.", "on Friday, you stayed late"),
        ("30 years on the crossing, knows every child by name.", "30 years on the crossing, you know every child"),
        ("Answers were wrong on Monday.", "answers were wrong"),
        ("Bev leaving the till open on Friday.", "you were leaving the till open"),
        ("Doesn't surprise me. The client had rung twice.", "doesn't surprise me."),
        ("Not checking the gauge on Friday cost us a tank.", "Bev, not checking the gauge"),
        ("The new boiler from Bosch, works the first time.", "Bosch, works the first time."),
        (
            "On Friday, left alone with nine beds, she got every round done.",
            "on Friday, left alone with nine beds, you got",
        ),
        ("Had it all ready by 6 on Friday.", "you had it all ready"),
        ("Always issues with the till when she closes.", "always issues with the till when you close."),
        ("Bev pet the guide dog only after asking on Friday.", "pet the guide dog"),
        ("About Friday, I was told she left at 2.", "about Friday, I was told you left"),
        ("The client rang. Wants you on the next one.", "wants you on the next one."),
        ("Is it me or has she stopped doing the temps?", "is it me or have you stopped"),
        ("bev retiring friday.", "you are retiring Friday."),
        ("GREAT CATCH ON THE SPEC BEV.", "GREAT CATCH ON THE SPEC."),
        ("bev when you did the ticket on Monday you closed it.", "Bev, when you did the ticket"),
        ("bev love the warmth on Monday.", "I love the warmth"),
        ("Sat lunch, 94 covers. Bev plated all of them.", "sat lunch, 94 covers."),
        ("She is otherwise a very careful nurse.", "you are otherwise a very careful nurse."),
        ("Great to see Bev in the gym on Monday.", "to see you in the gym"),
        ("Bev honey the tone on Monday's call.", "Bev, the tone on Monday's call."),
        ("Weds stand up - said it was done.", "Weds stand up"),
        ("She had her own marking to do on Monday.", "you had your own marking"),
        ("covered for that useless temp on Monday.", "you covered for that temp on Monday."),
    ],
)
def test_fragments_get_the_subject_that_was_left_out(typed: str, said: str) -> None:
    assert said in draft(about(typed, to="Bev", kind=Kind.FEEDBACK)).message.replace("[…?] ", "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Mum fainted at pick up on Monday. She got her on the floor and sent Jake for water.", "got her on the floor"),
        ("they ask Ilse first because she never makes them feel stupid.", "because you never make them feel stupid"),
        ("Leaves her area like a bomb site. Sparks tripped over bands on Monday.", "leave your area like a bomb site"),
        ("Brickwork on plot 7 is the best on the site. She leaves bands about.", "rickwork on plot 7 is the best"),
    ],
)
def test_forms_that_an_everyday_reading_with_the_model_found(desk: Desk, typed: str, said: str) -> None:
    assert said in desk.write(about(typed, to="Ilse", kind=Kind.FEEDBACK)).draft.message


def test_a_team_typed_to_keeps_its_name_and_its_number(desk: Desk) -> None:
    made = desk.write(
        about("You rewrote the menu yourselves on Monday.", to="Customer Care", channel=Channel.PUBLIC_CHAT)
    )
    assert "Customer Care rewrote the menu themselves" in made.draft.message
