"""Lines answered several at once, in their order, none later than it must be."""

import threading
import time
from collections.abc import Iterator
from queue import Queue

import pytest

from coach.bulk import in_order
from coach.errors import BadRequest


def test_answers_keep_the_order_of_the_lines_however_long_each_takes() -> None:
    def slow_at_first(line: str) -> int:
        time.sleep(0.002 * (20 - int(line)))
        return int(line)

    assert list(in_order(slow_at_first, map(str, range(20)), 4)) == list(range(20))
    assert list(in_order(int, [], 4)) == []


def test_so_many_lines_are_worked_on_at_once() -> None:
    together = threading.Barrier(3, timeout=30)
    assert list(in_order(lambda line: together.wait() < 3, ["a"] * 6, 3)) == [True] * 6


def test_a_program_that_waits_for_each_answer_before_it_asks_on_gets_it() -> None:
    asked: Queue[str] = Queue()
    answers = in_order(str.upper, iter(asked.get, "end"), 4)
    for line in ("a", "b", "c"):
        asked.put(line)
        assert next(answers) == line.upper()
    asked.put("end")
    assert list(answers) == []


def test_what_goes_wrong_is_raised_after_the_answers_before_it() -> None:
    def fails(line: str) -> str:
        if line == "b":
            raise BadRequest("no")
        return line

    answers = in_order(fails, ["a", "b", "c"], 2)
    assert next(answers) == "a"
    with pytest.raises(BadRequest):
        next(answers)

    def broken() -> Iterator[str]:
        yield "a"
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        list(in_order(str, broken(), 2))
