"""The one open desk of this process. In a module of its own: Streamlit runs the main script anew for each click."""

import threading
from functools import cache

from coach.desk import Desk, open_desk
from coach.settings import read_settings

WARM_AFTER_SECONDS = 1.0
"""The index opens once the first page is there: search is exact without it."""
_opening = threading.Lock()


@cache
def _desk() -> Desk:
    desk = open_desk(read_settings(None))

    def progress(done: int, of: int) -> None:
        desk.index_progress = (done, of)

    timer = threading.Timer(WARM_AFTER_SECONDS, desk.open_index, [progress])
    timer.daemon = True
    timer.start()
    return desk


def the_desk() -> Desk:
    """There is one leader, and one process may hold the index. Raises HomeUnusable, and tries again the next time."""
    with _opening:
        return _desk()
