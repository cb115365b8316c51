"""The text of a document: its size in tokens and lines, and where in it a position is, cheaply for thousands of errors."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property
from typing import Any

from graphql.language import Lexer, Source, SourceLocation, TokenKind

LINE_BREAK = re.compile(r"\r\n|[\n\r]")


class Text(Source):
    """A source that looks lines up: graphql-core's own reads the text from its start for each error."""

    @cached_property
    def breaks(self) -> tuple[list[int], list[int]]:
        """Where each line break starts and ends, both as offsets in characters; worked out when first asked for."""
        found = list(LINE_BREAK.finditer(self.body))
        return [match.start() for match in found], [match.end() for match in found]

    def get_location(self, position: int) -> SourceLocation:
        """Line and column, both from 1, of an offset in characters; as graphql-core has it."""
        starts, ends = self.breaks
        before = bisect_left(starts, position)
        return SourceLocation(before + 1, position + 1 - (ends[before - 1] if before else 0))


def has_more_lines(body: str, bound: int) -> bool:
    """Whether the text has more than `bound` line breaks."""
    return body.count("\n") + body.count("\r") - body.count("\r\n") > bound


def has_more_tokens(text: Text, bound: int) -> bool:
    """Whether the text has more than `bound` tokens or comments; reads no further. Raises `GraphQLSyntaxError`."""
    if text.body.count("#") > bound:
        return True
    advance: Callable[[], Any] = Lexer(text).advance
    return all(advance().kind is not TokenKind.EOF for _ in range(bound + 1))
