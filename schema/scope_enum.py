"""The scopes as an enum: each value says what it allows and what OAuth calls it."""

from __future__ import annotations

from models.scope import SCOPES, Scope
from schema.scalar import publish

__all__ = ["Scope"]

publish(
    Scope,
    "What a token or an app may do for a person. Every field that needs one says so in its description.",
    {scope: f"`{scope.value}`: {words}" for scope, words in SCOPES.items()},
)
