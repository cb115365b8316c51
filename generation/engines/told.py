"""What the engines file says: tables of TOML read by type, so that a slip of the pen is refused and named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from generation.engine import Capabilities, Model
from settings import key_in

T = TypeVar("T")
_KINDS = {int: "a whole number", float: "a number", str: "a text", bool: "true or false", dict: "a table"}


class BadEngines(ValueError):
    """The engines file cannot be understood; the text says where and why."""


class Told:
    """One table of the file. What is never asked for is refused by `end`, so that no misspelt word is passed over."""

    def __init__(self, values: Mapping[str, Any], where: str, folder: Path) -> None:
        self.where = where
        self._left = dict(values)
        self._folder = folder

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there and not be empty."""
        value = self._take(key, str, default)
        if not value and default is None:
            raise self.wrong(key, "is empty")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number above 0."""
        return self._above_zero(key, self._take(key, int, default))

    def seconds(self, key: str, default: float) -> float:
        """A time above 0, in seconds."""
        return self._above_zero(key, self._take(key, float, default))

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        return self._take(key, bool, default)

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts."""
        values = self._take(key, list, list(default))
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(key, "must be a list of texts")
        return tuple(values)

    def numbers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers above 0; empty when it is not there."""
        return tuple(self._above_zero(key, value) for value in self._take(key, list, []) if self._whole(key, value))

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        """One of these texts."""
        value = self.text(key, default)
        if value not in choices:
            raise self.wrong(key, f"must be one of {', '.join(choices)}")
        return value

    def mapping(self, key: str) -> dict[str, Any]:
        """A table as it stands; empty when it is not there."""
        return dict(self._take(key, dict, {}))

    def table(self, key: str) -> Told | None:
        """A table to be read further; None when it is not there."""
        return Told(self.mapping(key), f"{self.where}.{key}", self._folder) if key in self._left else None

    def tables(self, key: str) -> list[Told]:
        """A list of tables to be read further."""
        found = self._take(key, list, [])
        if not all(isinstance(value, dict) for value in found):
            raise self.wrong(key, "must be a list of tables")
        return [Told(value, f"{self.where}.{key}[{number}]", self._folder) for number, value in enumerate(found)]

    def path(self, key: str) -> Path:
        """A file or folder, given relative to the engines file."""
        return self._folder / self.text(key)

    def key(self, key: str, *, needed: bool) -> str:
        """A secret out of the environment variable that the file names; empty when none is named and none is needed."""
        name = self.text(key, None if needed else "")
        found = key_in(name) if name else ""
        if found is None:
            raise self.wrong(key, f"names the variable {name}, which is not set")
        return found

    def address(self, key: str, default: str | None = None) -> str:
        """The http(s) address of a server, without a slash at the end."""
        value = self.text(key, default)
        if not value.startswith(("http://", "https://")):
            raise self.wrong(key, "must begin with http:// or https://")
        return value.rstrip("/")

    def model(self, usual: Capabilities) -> Model:
        """A model's descriptor: `name`, sides, and what of `usual` it can otherwise (`capabilities`)."""
        name = self.text("name")
        can = self.capabilities(usual)
        first = can.sizes[0].split("x") if can.sizes else ()
        side = min(1024, can.max_side)
        width = self.number("default_width", int(first[0]) if first else side)
        height = self.number("default_height", int(first[1]) if first else side)
        return Model(name, can, width, height)

    def capabilities(self, usual: Capabilities) -> Capabilities:
        """`usual`, changed by what the table `capabilities` says, field by field."""
        can = self.table("capabilities")
        if can is None:
            return usual
        changed: dict[str, Any] = {}
        for field in fields(Capabilities):
            if field.name not in can._left:
                continue
            now = getattr(usual, field.name)
            if isinstance(now, tuple):
                changed[field.name] = tuple(can._take(field.name, list, None))
            else:
                changed[field.name] = can._take(field.name, type(now), None)
        can.end()
        found = replace(usual, **changed)
        for size in found.sizes:
            if not all(side.isdecimal() and int(side) > 0 for side in size.split("x")) or size.count("x") != 1:
                raise can.wrong("sizes", f"has {size!r}, which is not WIDTHxHEIGHT")
        return found

    def end(self) -> None:
        """Refuse what was not asked for."""
        if self._left:
            raise BadEngines(f"{self.where}: nobody knows {', '.join(sorted(self._left))}")

    def wrong(self, key: str, why: str) -> BadEngines:
        """The refusal of what stands under a key."""
        return BadEngines(f"{self.where}.{key} {why}")

    def _take(self, key: str, kind: type[T], default: T | None) -> T:
        value = self._left.pop(key, default)
        if value is None:
            raise self.wrong(key, "is missing")
        if kind is float and type(value) is int:
            value = float(value)
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise self.wrong(key, f"must be {_KINDS.get(kind, 'a list')}")
        return value

    def _whole(self, key: str, value: object) -> bool:
        if type(value) is not int:
            raise self.wrong(key, "must be a list of whole numbers")
        return True

    def _above_zero(self, key: str, value: T) -> T:
        if not value > 0:  # type: ignore[operator]  # numbers only come here
            raise self.wrong(key, "must be above 0")
        return value
