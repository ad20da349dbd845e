"""The one open desk of this process. In a module of its own: Streamlit runs the main script anew for each click."""

import threading
from datetime import date, datetime
from functools import cache

from pydantic import SecretStr

from coach.backup import is_due, make_backup
from coach.desk import Desk, open_desk
from coach.errors import CoachError
from coach.https import PUBLIC
from coach.log import failure
from coach.posting import Posting, open_posting
from coach.send import Courier
from coach.settings import read_settings
from coach.today import offers

first_page_is_there = threading.Event()
WARM_AFTER_SECONDS = 10.0
"""At the latest. The index opens once the first page is there: search is exact without it."""
LOOK_AGAIN_SECONDS = 30.0
"""An endpoint that failed is tried again behind the page, whether or not anybody searches."""
_opening = threading.Lock()
_given: list[SecretStr] = []
"""The passphrase of an encrypted notebook, in memory alone."""


@cache
def _desk() -> Desk:
    settings = read_settings(None)
    desk = open_desk(settings.model_copy(update={"passphrase": _given[-1]}) if _given else settings)

    def progress(done: int, of: int) -> None:
        desk.index_progress = (done, of)

    def warm() -> None:
        first_page_is_there.wait(WARM_AFTER_SECONDS)
        desk.open_index(progress)
        offers(desk, date.today())  # what was found in a text is remembered
        desk.warm_up()
        _back_up(desk)
        _keep_up(desk)

    threading.Thread(target=warm, daemon=True).start()
    return desk


def _keep_up(desk: Desk) -> None:
    """Behind the page for as long as Coach is open: whatever waits for the chosen embedding endpoint gets its vector."""
    while True:
        desk.endpoint_wanted.clear()
        try:
            desk.embed_by_endpoint()
        except CoachError as error:  # the records say by themselves what is wrong with them
            failure(error)
        desk.endpoint_wanted.wait(LOOK_AGAIN_SECONDS)


def _back_up(desk: Desk) -> None:
    """Once a day, behind the page."""
    now = datetime.now()
    try:
        if not desk.records.database.on_server and desk.records.count_notes() and is_due(desk.settings.home, now):
            make_backup(desk.records.database.place, now)
    except CoachError as error:  # the Notebook says when the last one was made
        failure(error)


def give_passphrase(passphrase: str) -> None:
    """For the next opening. Raises WrongKey, and forgets it, where it does not open the notebook."""
    _given[:] = [SecretStr(passphrase)]
    try:
        the_desk()
    except CoachError:
        _given.clear()
        raise


def the_desk() -> Desk:
    """There is one leader, and one process may hold the index. Raises HomeUnusable, and tries again the next time."""
    with _opening:
        return _desk()


NETWORK = PUBLIC


def the_posting() -> Posting:
    """As it is set up now. Raises BadFile."""
    return open_posting(the_desk().settings.home, NETWORK)


_couriers: dict[int, Courier] = {}


def the_courier() -> Courier:
    """One for the open desk, so that a message goes on leaving when its page is closed."""
    desk = the_desk()
    with _opening:
        return _couriers.setdefault(id(desk), Courier(desk.records, the_posting))
