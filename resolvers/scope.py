"""Scopes of fields and types: under which name their extensions carry what opens them."""

from __future__ import annotations

from typing import Final

from execution.scope import SCOPE as MARK

SCOPE: Final = MARK
"""Names of scopes of which one is enough; none of them: the asker has signed in by themselves."""
