"""The app as `coach` starts it, but its channels lead to a server of the tests: PORT and its authority's PEM first."""

import ssl
import sys

import httpcore2

from coach.cli import main
from coach.https import Network
from coach.pages import opened

PUBLIC_ADDRESS = "93.184.216.34"


def leading_to(port: int, authority: str) -> Network:
    return Network(
        resolve=lambda host: [PUBLIC_ADDRESS],
        connect=lambda address, _, seconds: httpcore2.SyncBackend().connect_tcp("127.0.0.1", port, timeout=seconds),
        trust=lambda: ssl.create_default_context(cafile=authority),
    )


if __name__ == "__main__":
    opened.NETWORK = leading_to(int(sys.argv[1]), sys.argv[2])
    del sys.argv[1:3]
    main()
