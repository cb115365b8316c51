"""Credits: what making pictures costs, and every line of where they went."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.credit import AccountRow, CreditEntryKind, EntryRow
from models.tier import Tier
from resolvers import credit as resolve
from schema.job import GenerationJob
from schema.node import Node, PageInfo
from schema.nullability import FALLIBLE


@strawberry.type(
    description="One line of the viewer's ledger; lines are added and never change. Only its owner sees it."
)
class CreditEntry(Node):
    kind: CreditEntryKind = strawberry.field(description="What it does.")
    amount: int = strawberry.field(description="Credits, above 0; below only where an ADJUST takes away.")
    created_at: datetime = strawberry.field(description="When it was written.")
    job = strawberry.field(
        resolver=resolve.entry_job,
        graphql_type=GenerationJob | None,
        description="The job it is for; null when it is for none.",
    )
    output_index: int | None = strawberry.field(
        description="Which picture of the job was kept (SETTLE) or not (RELEASE), 0 is the first; null for other lines."
    )
    note: str | None = strawberry.field(
        description="Why, in the words of whoever runs this place; null when they said nothing."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, EntryRow)


@strawberry.type(description="A line in the viewer's ledger.")
class CreditEntryEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: CreditEntry = strawberry.field(description="The line.")


@strawberry.type(description="The viewer's ledger, newest line first.")
class CreditEntryConnection:
    edges: list[CreditEntryEdge] = strawberry.field(description="The lines of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(
    description="What the viewer has for making pictures. A job sets aside what it may cost when it is asked for; each kept picture"
    " takes its part, and what is not made is given back when the job ends. Only the viewer sees it."
)
class Credits:
    tier: Tier = strawberry.field(description="What the account was given.")
    balance: int = strawberry.field(description="Credits, those that are held included.")
    held: int = strawberry.field(description="Set aside for jobs that have not ended.")
    available: int = strawberry.field(description="What the next job may cost: `balance` without `held`.")
    monthly_grant: int = strawberry.field(
        description="What comes each month. What is not used stays; a grant lifts no balance above three of them."
    )
    next_grant_at: datetime = strawberry.field(description="When the next month's grant comes.")
    entries = strawberry.field(
        resolver=resolve.entries,
        graphql_type=CreditEntryConnection | None,
        directives=FALLIBLE,
        description="Every line, newest first.",
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, AccountRow)


@strawberry.type(description="What a job would cost the viewer if it were asked for now. Nothing is set aside for it.")
class GenerationQuote:
    credits_per_picture: int = strawberry.field(
        description="The model's price, once for each begun 1,048,576 pixels, half for low quality, more for high."
    )
    pictures: int = strawberry.field(description="How many pictures it would make.")
    total: int = strawberry.field(description="What would be set aside; what is not made is given back.")
    available: int = strawberry.field(description="What the viewer may spend now.")
    is_sufficient: bool = strawberry.field(description="Whether that is enough.")
    missing: int = strawberry.field(description="What is lacking; 0 when it is enough.")
