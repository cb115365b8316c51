"""Presets."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.preset import PresetRow, PresetSettingName
from schema.node import Node, PageInfo


@strawberry.type(description="One thing that a preset settles.")
class PresetSetting:
    name: PresetSettingName = strawberry.field(description="What is settled.")
    value: str = strawberry.field(description="As what, written as text.")


@strawberry.type(
    description="Settings and a prompt template under a name, to ask for pictures with. Its owner sees it, and while it is shared"
    " whoever has its code or id."
)
class Preset(Node):
    name: str = strawberry.field(description="What its owner calls it.")
    code: str = strawberry.field(description="By which it is found, and shared; it stays the same.")
    template: str = strawberry.field(
        description="A prompt, in which {prompt} stands for what is asked for each time; may be empty."
    )
    settings: list[PresetSetting] = strawberry.field(description="What is settled, each name at most once.")
    is_shared: bool = strawberry.field(description="Whether whoever has the code may use it.")
    style_is_lost: bool = strawberry.field(
        description="Whether its STYLE is a style code that the viewer may not paint by (any more): taken back, deleted, or never"
        " shared. Jobs with it are refused."
    )
    viewer_can_edit: bool = strawberry.field(description="Whether it is the viewer's own.")
    created_at: datetime = strawberry.field(description="When it was made.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, PresetRow)


@strawberry.type(description="A preset in the viewer's list.")
class PresetEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: Preset = strawberry.field(description="The preset.")


@strawberry.type(description="The viewer's own presets, newest first.")
class PresetConnection:
    edges: list[PresetEdge] = strawberry.field(description="The presets of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
