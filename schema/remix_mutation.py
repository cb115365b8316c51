"""Mutations about remixing and sharing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import permit as permits
from resolvers import remix as resolve
from schema import remix_payload as payload


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type
class RemixMutations:
    update_remix_policy: payload.UpdateRemixPolicyPayload = _mutation(
        resolve.update_remix_policy,
        payload.UpdateRemixPolicyPayload,
        "Say who may remix a post of one's own. With NOBODY, remixes that are there show that permission was taken back.",
    )
    update_prompt_visibility: payload.UpdatePromptVisibilityPayload = _mutation(
        resolve.update_prompt_visibility,
        payload.UpdatePromptVisibilityPayload,
        "Say who may see how the pictures of a post of one's own were made.",
    )
    update_sharing: payload.UpdateSharingPayload = _mutation(
        resolve.update_sharing,
        payload.UpdateSharingPayload,
        "Settle what one's new posts begin with. Posts that are there stay as they are.",
    )
    revoke_remix: payload.RevokeRemixPayload = _mutation(
        resolve.revoke_remix,
        payload.RevokeRemixPayload,
        "Take back what the author of a remix was allowed: what they remixed of the source shows it, and they remix it no more.",
    )
    restore_remix: payload.RestoreRemixPayload = _mutation(
        resolve.restore_remix, payload.RestoreRemixPayload, "Stand again by what `revokeRemix` took back."
    )
    request_remix: payload.RequestRemixPayload = _mutation(
        permits.request_remix,
        payload.RequestRemixPayload,
        "Ask the author of a post with the policy ASK for leave to remix it; twice is the same as once. At most 100 may wait.",
    )
    accept_remix_request: payload.AcceptRemixRequestPayload = _mutation(
        permits.accept_remix_request, payload.AcceptRemixRequestPayload, "Let who asked remix the post."
    )
    decline_remix_request: payload.DeclineRemixRequestPayload = _mutation(
        permits.decline_remix_request,
        payload.DeclineRemixRequestPayload,
        "Say no to who asked, or no longer yes. Remixes that are there stay; `revokeRemix` is for them.",
    )
