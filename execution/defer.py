"""Documents without their `@defer`: what all see who take whole answers, and what bounds, price and execution rest on."""

from __future__ import annotations

from typing import Any

from graphql import (
    REMOVE,
    DirectiveNode,
    DocumentNode,
    GraphQLDeferDirective,
    Visitor,
    VisitorAction,
    visit,
)

DEFER = GraphQLDeferDirective.name


class _Remover(Visitor):
    """Takes every `@defer` out of a tree, and counts them."""

    def __init__(self) -> None:
        super().__init__()
        self.removed = 0

    def enter_directive(self, node: DirectiveNode, *_place: Any) -> VisitorAction:
        """Asked by graphql-core for each directive."""
        if node.name.value != DEFER:
            return None
        self.removed += 1
        return REMOVE


def without_defer(written: DocumentNode, text: str) -> tuple[DocumentNode, int]:
    """The tree without `@defer`, and how many there were; the same tree when there were none. Linear in the text."""
    if DEFER not in text:
        return written, 0
    remover = _Remover()
    bare: DocumentNode = visit(written, remover)
    return (bare, remover.removed) if remover.removed else (written, 0)
