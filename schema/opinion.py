"""What somebody wants to see more or less of."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.opinion import OpinionRow, OpinionWish
from resolvers import for_you as resolve
from resolvers.mark import ALONE
from schema.node import Node, PageInfo
from schema.post import Hashtag, Post
from schema.scalar import _publish as publish
from schema.user import User

publish(
    OpinionWish,
    "Whether somebody wants to see more or less of something in what is picked for them. Either fades over 140 days.",
    {
        OpinionWish.MORE: "It counts half as much again.",
        OpinionWish.LESS: "It is not picked for 14 days, and counts less for a while after.",
    },
)


@strawberry.type(
    description="What the viewer wants to see more or less of in what is picked for them; nobody else sees it. It changes no other list."
)
class Opinion(Node):
    wish: OpinionWish = strawberry.field(description="Which way.")
    post = strawberry.field(
        resolver=resolve.opinion_post,
        graphql_type=Post | None,
        description="The post it is about; null when it is about something else, and when the viewer sees it no longer.",
        metadata=ALONE,
    )
    user = strawberry.field(
        resolver=resolve.opinion_user,
        graphql_type=User | None,
        description="The person it is about; null when it is about something else, and when they are gone.",
        metadata=ALONE,
    )
    hashtag = strawberry.field(
        resolver=resolve.opinion_hashtag,
        graphql_type=Hashtag | None,
        description="The hashtag it is about; null when it is about something else.",
    )
    created_at: datetime = strawberry.field(description="Since when.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, OpinionRow)


@strawberry.type(description="An opinion in the viewer's list.")
class OpinionEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: Opinion = strawberry.field(description="The opinion.")


@strawberry.type(description="What the viewer wants to see more or less of, newest first.")
class OpinionConnection:
    edges: list[OpinionEdge] = strawberry.field(description="The opinions of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
