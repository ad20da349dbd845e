"""Many lines answered at once, in the order in which they came."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Queue
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")
WAITING = 64
"""Lines read ahead."""


def in_order(work: Callable[[S], T], lines: Iterable[S], at_once: int) -> Iterator[T]:
    """The answer to each line, as soon as it and those before it are there: a program may wait for one before it asks on.

    `work` is called in up to `at_once` threads. What it or `lines` raises is raised here, in its line's place.
    """
    waiting: Queue[S | Exception | None] = Queue(WAITING)
    threading.Thread(target=_read, args=(lines, waiting), daemon=True).start()
    begun: deque[Future[T]] = deque()
    more = True
    with ThreadPoolExecutor(at_once) as pool:
        while more or begun:
            while more and (not begun or (len(begun) < at_once and not waiting.empty())):
                line = waiting.get()
                if isinstance(line, Exception):
                    raise line
                if more := line is not None:
                    begun.append(pool.submit(work, line))
            if begun:
                yield begun.popleft().result()


def _read(lines: Iterable[S], waiting: "Queue[S | Exception | None]") -> None:
    try:
        for line in lines:
            waiting.put(line)
    except Exception as error:  # raised again where the answers are given
        waiting.put(error)
    else:
        waiting.put(None)
