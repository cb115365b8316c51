"""What mutations are given where every one is tried once: those that do something are given something to do."""

from __future__ import annotations

from typing import Any


def inputs(ids: dict[str, str], handle: str, to_go: str) -> dict[str, dict[str, Any]]:
    """Inputs by the mutation's name; `ids` are those of `tests/rows.py`, `to_go` is a post to delete."""
    return {
        "createPost": {"text": "x"},
        "updateProfile": {"bio": "x"},
        "generateImages": {"prompt": "a dog", "engine": "paper"},
        "editImage": {"prompt": "bluer", "imageId": ids["image"], "engine": "paper"},
        "varyImage": {"imageId": ids["image"], "engine": "paper"},
        "upscaleImage": {"imageId": ids["image"], "engine": "paper", "scale": 2},
        "removeBackground": {"imageId": ids["image"], "engine": "paper"},
        "continueGeneration": {"threadId": ids["thread"], "prompt": "bluer"},
        "renameGenerationThread": {"threadId": ids["thread"], "title": "x"},
        "archiveGenerationThread": {"threadId": ids["thread"]},
        "deleteGenerationThread": {"threadId": ids["thread"]},
        "createPreset": {"name": "x"},
        "updatePreset": {"presetId": ids["preset"]},
        "deletePreset": {"presetId": ids["preset"]},
        "createStyleCode": {"imageId": ids["image"], "name": "x"},
        "updateStyleCode": {"styleCodeId": ids["style"]},
        "deleteStyleCode": {"styleCodeId": ids["style"]},
        "enhancePrompt": {"prompt": "a fox"},
        "deletePastPrompt": {"promptId": ids["prompt"]},
        "createImageUpload": {"mimeType": "image/png", "byteSize": 9},
        "completeImageUpload": {"uploadId": "garbage"},
        "revokeSession": {"sessionId": "garbage"},
        "revokeOtherSessions": {},
        "cancelGeneration": {"jobId": ids["job"]},
        "retryGeneration": {"jobId": ids["job"]},
        "signUp": {"handle": "", "email": "", "password": ""},
        "logIn": {"login": handle, "password": "wrong"},
        "deletePost": {"postId": to_go},
        "logOut": {},
        "createWebhook": {"url": "https://hooks.example.org"},
        "updateWebhook": {"webhookId": ids["webhook"], "isEnabled": True},
        "rotateWebhookSecret": {"webhookId": ids["webhook"]},
        "testWebhook": {"webhookId": ids["webhook"]},
        "redeliverWebhook": {"deliveryId": ids["delivery"]},
        "deleteWebhook": {"webhookId": "garbage"},
        "updateRemixPolicy": {"postId": ids["first"], "policy": "ASK"},
        "updatePromptVisibility": {"postId": ids["first"], "visibility": "NOBODY"},
        "updateSharing": {"remixPolicy": "EVERYONE"},
        "revokeRemix": {"postId": ids["theirs"]},
        "restoreRemix": {"postId": ids["theirs"]},
        "requestRemix": {"postId": ids["closed"]},
        "acceptRemixRequest": {"requestId": ids["request"]},
        "declineRemixRequest": {"requestId": ids["request"]},
        "muteWord": {"text": "fish"},
        "unmuteWord": {"wordId": ids["word"]},
        "setAccountPrivacy": {"isPrivate": False},
        "deactivateAccount": {"password": "wrong"},
    }  # fmt: skip
