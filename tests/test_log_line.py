"""What stands in a log is one line a message, whatever somebody wrote into it."""

from __future__ import annotations

import logging

from settings import OneLine


def line(message: str, *arguments: object) -> str:
    record = logging.LogRecord("generation", logging.WARNING, "", 0, message, arguments, None)
    return OneLine("%(levelname)s %(name)s: %(message)s").format(record)


def test_nobody_writes_a_line_or_a_colour_of_their_own() -> None:
    forged = line("%s: %s", "local", "no\r\nERROR root: broken in\x1b[31m\u2028\u202ered")
    assert forged == r"WARNING generation: local: no\r\nERROR root: broken in\x1b[31m\u2028\u202ered"


def test_what_shows_stays_as_it_is() -> None:
    assert line("a fox, Füchse, 狐\t%d %%", 3) == "WARNING generation: a fox, Füchse, 狐\t3 %"
