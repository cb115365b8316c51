"""Sharing: what a person's posts begin with, where a post does not say otherwise: who may remix it, who sees its prompts.

Where somebody has settled nothing, whoever sees a post that is for everyone may remix it, and prompts are nobody else's
business. Two kinds of posts begin as NOBODY whatever is settled: those that are not for everyone (a private account's never are),
and those with a photograph that was uploaded, or something made from one: people in it never agreed. Their author may open
them all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.consent import PromptVisibility, RemixPolicy
from models.database import fetch, fetch_one, fetch_value
from models.visibility import Visibility


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who may remix the pictures of a post, and who may know how they were made."""

    remix_policy: RemixPolicy = RemixPolicy.EVERYONE
    prompt_visibility: PromptVisibility = PromptVisibility.NOBODY


async def settled(person_id: int) -> Sharing:
    """What a person's posts begin with."""
    return (await _settled(person_id))[0]


async def _settled(person_id: int) -> tuple[Sharing, bool]:
    """What a person's posts begin with, and whether their account is private."""
    row = await fetch_one(
        """SELECT u.is_private, s.remix_policy, s.prompt_visibility FROM users u
        LEFT JOIN sharing_settings s ON s.person_id = u.id WHERE u.id = $1""",
        person_id,
    )
    if row is None or row["remix_policy"] is None:
        return Sharing(), row is not None and row["is_private"]
    return Sharing(RemixPolicy(row["remix_policy"]), PromptVisibility(row["prompt_visibility"])), row["is_private"]


async def settle(person_id: int, policy: RemixPolicy | None, prompts: PromptVisibility | None) -> None:
    """Let a person's posts begin so from now on; None leaves as it is. Posts that are there stay as they are."""
    before = await settled(person_id)
    await fetch(
        """INSERT INTO sharing_settings (person_id, remix_policy, prompt_visibility) VALUES ($1, $2, $3)
        ON CONFLICT (person_id) DO UPDATE SET remix_policy = excluded.remix_policy,
            prompt_visibility = excluded.prompt_visibility""",
        person_id,
        (policy or before.remix_policy).value,
        (prompts or before.prompt_visibility).value,
    )


async def beginning(
    author_id: int,
    audience: Visibility,
    image_ids: Sequence[int],
    policy: RemixPolicy | None,
    prompts: PromptVisibility | None,
) -> Sharing:
    """What a new post begins with that has these pictures, or is to have pictures made of these; what is said goes first."""
    if policy is not None and prompts is not None:
        return Sharing(policy, prompts)
    usual, is_private = await _settled(author_id)
    if policy is None:
        policy = usual.remix_policy
        open_to_all = audience in (Visibility.PUBLIC, Visibility.UNLISTED) and not is_private
        if policy is not RemixPolicy.NOBODY and (not open_to_all or await _from_uploads(image_ids)):
            policy = RemixPolicy.NOBODY
    return Sharing(policy, prompts or usual.prompt_visibility)


async def _from_uploads(image_ids: Sequence[int]) -> bool:
    """Whether any of these pictures was uploaded, or was made from one that was, through however many hands."""
    if not image_ids:
        return False
    return bool(
        await fetch_value(
            """WITH RECURSIVE line AS (
                SELECT asked.id FROM unnest($1::bigint[]) AS asked (id)
                UNION
                SELECT g.image_id FROM line JOIN generation_outputs o ON o.image_id = line.id
                JOIN generation_inputs g ON g.job_id = o.job_id AND g.role IN ('IMAGE', 'REFERENCE')
            ) SELECT EXISTS (SELECT 1 FROM line JOIN images i ON i.id = line.id WHERE NOT i.generated)""",
            list(image_ids),
        )
    )
