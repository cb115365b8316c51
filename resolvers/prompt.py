"""Prompt help: what was used before, ideas while one writes, and a prompt with what it left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry

from errors import BadInput, Refusal
from models import enhancement, facet, past_prompt, rewriting, said
from models.enhancement import MOST_SUGGESTIONS, Enhancement
from models.past_prompt import PastPromptRow
from models.timeline import Window
from models.wish import LONGEST_PROMPT_BYTES, LONGEST_PROMPT_GRAPHEMES
from resolvers import page
from resolvers.context import Context, Info
from resolvers.node import number_in
from resolvers.outcome import claim, earlier, perform
from resolvers.page import PageInfoRow
from resolvers.payload import Payload
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow
from safety.check import found_in


@strawberry.input(description="A prompt to say more of.")
class EnhancePromptInput:
    prompt: str = strawberry.field(description="What to make, in words; 1 to 4,000 characters.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@strawberry.input(description="A prompt to forget.")
class DeletePastPromptInput:
    prompt_id: strawberry.ID = strawberry.field(description="A prompt of the viewer's history.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


@dataclass(frozen=True, slots=True)
class EnhancedRow(Payload):
    """A prompt that says more."""

    enhancement: Enhancement | None = None


@dataclass(frozen=True, slots=True)
class PromptForgottenRow(Payload):
    """Which prompt is forgotten."""

    deleted_prompt_id: str | None = None


@dataclass(frozen=True, slots=True)
class PastPromptEdgeRow:
    """A prompt in the viewer's history."""

    cursor: str
    node: PastPromptRow


@dataclass(frozen=True, slots=True)
class PastPromptsRow:
    """One page of the viewer's history."""

    edges: Sequence[PastPromptEdgeRow]
    page_info: PageInfoRow


async def prompt_history(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    query: str = "",
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> PastPromptsRow:
    """What the viewer asked for, each text once, newest use first."""
    question = page.asked(first, after, last, before)
    rows = await past_prompt.prompts_of(parent.id, query, question.window(newest_first=True))
    found = page.page_of(question, rows, lambda row: row.last_job_id)
    return PastPromptsRow(
        [PastPromptEdgeRow(page.encode(row.last_job_id), row) for row in found.items], found.page_info
    )


async def prompt_suggestions(parent: strawberry.Parent[ViewerRow], info: Info, begun: str = "") -> list[str]:
    """Prompts that have what was begun: the viewer's own, then ideas of the house."""
    own = await past_prompt.prompts_of(parent.id, begun, Window(MOST_SUGGESTIONS))
    return list(dict.fromkeys([*(row.text for row in own), *enhancement.ideas(begun)]))[:MOST_SUGGESTIONS]


async def enhance_prompt(info: Info, input: EnhancePromptInput) -> EnhancedRow:
    """The prompt with what it left open, by a text model where there is one that does it well, else by rules.

    The model is asked before the transaction; which of two calls with one key is kept is decided in it.
    """
    written = await _written(info.context, input)

    async def act(viewer_id: int) -> Mapping[str, Any]:
        kept = _kept(input.prompt)
        if not kept:
            raise BadInput(f"A prompt has 1 to {LONGEST_PROMPT_GRAPHEMES:,} characters.", ["prompt"])
        said.refuse([kept], "prompt")
        return {"prompt": kept, **({"written": rewriting.kept(written)} if written else {})}

    outcome = await perform(info.context, "enhancePrompt", input, act)
    if not outcome.done:
        return EnhancedRow(outcome.user_errors)
    if "written" in outcome.found:
        return EnhancedRow((), rewriting.restored(outcome.found["written"]))
    return EnhancedRow((), enhancement.enhanced(outcome.found["prompt"]))


async def _written(context: Context, given: EnhancePromptInput) -> Enhancement | None:
    """What the text model made of a prompt; None where none is asked, or what it made is not good."""
    write, kept = context.house.write, _kept(given.prompt)
    if write is None or not kept or context.asker.user_id is None or context.asked_writer:
        return None
    try:
        if await earlier(claim(context, "enhancePrompt", given)) is not None:
            return None
    except Refusal:  # which `perform` comes to as well, and tells
        return None
    told = context.house.settings
    if found_in([kept], told) is not None:  # what is refused is sent nowhere
        return None
    context.asked_writer = True
    answer = await write(kept)
    found = None if answer is None else rewriting.read(kept, answer)
    return None if found is None or found_in([found.prompt], told) is not None else found


def _kept(prompt: str) -> str | None:
    return facet.kept(prompt, LONGEST_PROMPT_GRAPHEMES, LONGEST_PROMPT_BYTES)


async def delete_past_prompt(info: Info, input: DeletePastPromptInput) -> PromptForgottenRow:
    """Forget a prompt of one's own."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("prompt", input.prompt_id, "promptId")
        await past_prompt.forget(viewer_id, number)
        return {"prompt": input.prompt_id}

    outcome = await perform(info.context, "deletePastPrompt", input, act)
    return PromptForgottenRow(outcome.user_errors, outcome.found.get("prompt"))
