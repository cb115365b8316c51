"""Apollo's multipart subscriptions: parts of JSON, `{"payload": result}` each, `{}` to stay alive.

Each part is sent with the delimiter that ends it: Apollo's client hands a part on only when it has seen that.
"""

from __future__ import annotations

from execution.frame import Rendered
from execution.rejection import ErrorObject, ResultObject
from execution.transports.message import RESTARTING
from execution.transports.negotiation import MULTIPART, SUBSCRIPTION_SPEC
from execution.transports.stream import ended_errors
from execution.wire import encode

BOUNDARY = b"graphql"
SERVER_RESTARTING = "SERVER_RESTARTING"
DELIMITER = b"\r\n--" + BOUNDARY
HEAD = b"\r\nContent-Type: application/json\r\n\r\n"


class Multipart:
    """The framing of one operation's stream. Whole: delimiter, part, delimiter, part, …, delimiter and `--`."""

    content_type = f'{MULTIPART};boundary="{BOUNDARY.decode()}";subscriptionSpec="{SUBSCRIPTION_SPEC}"'

    def opening(self) -> bytes:
        """The first delimiter."""
        return DELIMITER

    def heartbeat(self) -> bytes:
        """An empty object."""
        return part({})

    def result(self, result: ResultObject) -> bytes:
        """A payload."""
        return part({"payload": result})

    def shared(self, rendered: Rendered) -> bytes:
        """The same, encoded already."""
        return HEAD + b'{"payload":' + rendered.payload + b"}" + DELIMITER

    def complete(self) -> bytes:
        """What turns the last delimiter into the end."""
        return b"--\r\n"

    def closed(self, code: int, reason: str) -> bytes:
        """No payload but errors: the stream itself, not an operation, went wrong."""
        errors: list[ErrorObject] = ended_errors(reason)
        if code == RESTARTING:
            errors[0]["extensions"]["code"] = SERVER_RESTARTING
        return part({"payload": None, "errors": errors}) + self.complete()


def part(value: dict[str, object]) -> bytes:
    """One part of JSON, with the delimiter that ends it. Raises TypeError for what is no JSON."""
    return HEAD + encode(value) + DELIMITER
