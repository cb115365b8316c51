"""Searching: what a text finds, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from resolvers import search as searches
from resolvers.search import SearchProblemCode
from schema.acquaintance import UserConnection
from schema.node import PageInfo
from schema.nullability import FALLIBLE
from schema.post import Hashtag

if TYPE_CHECKING:
    from schema.timeline import TimelineConnection

LazyTimeline = Annotated["TimelineConnection", strawberry.lazy("schema.timeline")]


PROBLEMS = {
    SearchProblemCode.TOO_LONG: "It has more than 400 characters.",
    SearchProblemCode.TOO_MANY_TERMS: "It has more than 24 words and operators.",
    SearchProblemCode.TOO_DEEP: "Parentheses stand too deep in each other.",
    SearchProblemCode.UNCLOSED_QUOTE: "A quote is never closed.",
    SearchProblemCode.UNBALANCED_PARENTHESIS: "A parenthesis is never closed, or closes nothing.",
    SearchProblemCode.MISSING_VALUE: "An operator or a quote has nothing to look for.",
    SearchProblemCode.UNKNOWN_VALUE: "An operator does not know this value.",
    SearchProblemCode.BAD_DATE: "This is no day, no moment and no time ago.",
    SearchProblemCode.BAD_NUMBER: "This is no number.",
    SearchProblemCode.NOTHING_TO_FIND: "Something to look for is missing: beside OR, or in parentheses.",
    SearchProblemCode.NOT_AMONG_ALTERNATIVES: "This operator stands by itself, not in parentheses or beside OR.",
}
strawberry.enum(SearchProblemCode, description="What is wrong with a text that is to be looked for.")
for value in SearchProblemCode.__strawberry_definition__.values:  # type: ignore[attr-defined]  # set by strawberry.enum
    value.description = PROBLEMS[SearchProblemCode[value.name]]


@strawberry.type(description="What is wrong with a text that is to be looked for, and where.")
class SearchProblem:
    code: SearchProblemCode = strawberry.field(description="What is wrong, for programs.")
    message: str = strawberry.field(description="What is wrong, as a full sentence.")
    offset: int = strawberry.field(description="Where it begins: Unicode characters from the start of the text.")
    length: int = strawberry.field(description="How many characters it has.")


@strawberry.type(description="A hashtag in a list.")
class HashtagEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: Hashtag = strawberry.field(description="The hashtag.")
    post_count: int = strawberry.field(
        description="About how many public posts bear it, whoever may see them: counted anew every few minutes."
    )


@strawberry.type(description="A list of hashtags. Those that only hidden posts bear take no place.")
class HashtagConnection:
    edges: list[HashtagEdge] = strawberry.field(description="The hashtags of this page, in the list's order.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(
    description='What a text finds. Words must all be there, in any form that their language gives them; `"…"` is a phrase, `-` leaves'
    " out, `OR` and parentheses are alternatives, `word*` begins so. Operators: `from:` `to:` (a handle, or `me`), `has:` (image,"
    " alt, link, poll, warning, hashtag, mention), `is:` (reply, thread, quote, remix, ai, edited, sensitive, followed), `since:`"
    " `until:` (a day, a moment, or `7d` ago), `min_likes:`, `lang:`, `model:`, `prompt:` (where its author lets the viewer know)."
)
class Search:
    text: str = strawberry.field(description="What was looked for, as it was given.")
    problem: SearchProblem | None = strawberry.field(
        description="What is wrong with the text, the first thing; then the lists are empty. Null when nothing is."
    )
    posts = strawberry.field(
        resolver=searches.search_posts,
        graphql_type=LazyTimeline | None,
        directives=FALLIBLE,
        description="The posts it finds, newest first: public ones, and of others those that are for the viewer (whom they"
        " follow, who names them), without people and words the viewer blocks or mutes. An error where looking takes too long.",
    )
    best = strawberry.field(
        resolver=searches.search_best,
        graphql_type=LazyTimeline | None,
        directives=FALLIBLE,
        description="The posts that say its words or mean the same (English is known well, other languages hardly), the best first;"
        " operators narrow them down. What prompts mean counts where the viewer may know them. At most 200; a new post is among them"
        " by its meaning some seconds later. Places shift as posts come.",
    )
    pictures = strawberry.field(
        resolver=searches.search_pictures,
        graphql_type=LazyTimeline | None,
        directives=FALLIBLE,
        description="The same, only posts that show pictures.",
    )
    people = strawberry.field(
        resolver=searches.search_people,
        graphql_type=UserConnection | None,
        directives=FALLIBLE,
        description="People whose handle or name has words that begin so: who is called just so, then whom the viewer follows,"
        " whom those follow, and by followers; where there is nobody, people whose names look alike. At most 200, without those the"
        " viewer blocks, who block them, and who are gone. Places shift while people follow each other.",
    )
    hashtags = strawberry.field(
        resolver=searches.search_hashtags,
        graphql_type=HashtagConnection | None,
        directives=FALLIBLE,
        description="Hashtags whose name begins so, or has it inside, the most used first; at most 100. Places shift as they are used.",
    )
