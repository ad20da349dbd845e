"""Where a language model answers: its address, its key and its name."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from coach.errors import BadRequest

OPENAI = "https://api.openai.com/v1"
AZURE = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One server that speaks Chat Completions, and the model to ask there. The key is in no `repr`."""

    url: str = OPENAI
    model: str
    key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", whole_address(self.url or OPENAI))
        object.__setattr__(self, "key", self.key.strip())
        object.__setattr__(self, "model", self.model.strip())

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def on_this_machine(self) -> bool:
        """Whether what is sent there stays on this computer; a name below `localhost` may be looked up elsewhere."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def is_azure(self) -> bool:
        return self.host.endswith(AZURE)

    @property
    def is_openai(self) -> bool:
        return self.host.endswith(".openai.com") or self.is_azure

    @property
    def bare_url(self) -> str:
        """Without the query, which stands in `query`."""
        return urlunsplit(urlsplit(self.url)._replace(query=""))

    @property
    def query(self) -> dict[str, str]:
        """Azure's older addresses carry `?api-version=…`."""
        return dict(parse_qsl(urlsplit(self.url).query))


def whole_address(typed: str) -> str:
    """ "localhost:11434" -> "http://localhost:11434/v1". Raises BadRequest where it is no web address."""
    text = typed.strip()
    if "://" not in text:
        near = text.split(":")[0].split("/")[0]
        text = ("http://" if near == "localhost" or near.replace(".", "").isdigit() else "https://") + text
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
        (host or "").encode("idna")  # empty or overlong parts, which no computer's name has
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or any(c.isspace() for c in text):
        raise BadRequest("That is no address of a model. It looks like http://localhost:11434/v1.")
    if parts.username or parts.password:
        raise BadRequest("Put the key into its own field, not into the address.")
    path = parts.path.removesuffix("/chat/completions").rstrip("/")
    if not path:
        path = "/openai/v1" if host.endswith(AZURE) else "/v1"
    return urlunsplit(parts._replace(path=path, fragment=""))
