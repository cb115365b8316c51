"""What mutations are given where every one is tried once: those that do something are given something to do."""

from __future__ import annotations

from typing import Any

from tests.entering import entry_inputs
from tests.people import PASSWORD
from tests.pushing import Receiving
from tests.saving import saved_inputs
from tests.scheduling import draft_inputs
from tests.securing import security_inputs, signing_inputs
from tests.tokens import app_inputs


def inputs(ids: dict[str, str], handle: str, to_go: str) -> dict[str, dict[str, Any]]:
    """Inputs by the mutation's name; `ids` are those of `tests/rows.py`, `to_go` is a post to delete."""
    return {
        **entry_inputs(handle, ids["invitation"], password="wrong"),  # noqa: S106
        "createPost": {"text": "x"},
        "createThread": {"posts": [{"text": "x"}]},
        "setReplyPolicy": {"postId": ids["root"], "replyPolicy": "NOBODY"},
        "setQuotePolicy": {"postId": ids["root"], "quotePolicy": "NOBODY"},
        "setPostSensitive": {"postId": ids["post"], "isSensitive": True},
        "updatePreferences": {},
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
        **draft_inputs(ids["draft"]),
        "createPreset": {"name": "x"},
        "updatePreset": {"presetId": ids["preset"]},
        "deletePreset": {"presetId": ids["preset"]},
        **saved_inputs(ids["search"]),
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
        "logIn": {"login": handle, "password": PASSWORD, "bearer": True},  # waits for the passkey of `rows`
        "deletePost": {"postId": to_go},
        "logOut": {},
        **app_inputs(),
        "createWebhook": {"url": "https://hooks.example.org"},
        "updateWebhook": {"webhookId": ids["webhook"], "isEnabled": True},
        "rotateWebhookSecret": {"webhookId": ids["webhook"]},
        "testWebhook": {"webhookId": ids["webhook"]},
        "redeliverWebhook": {"deliveryId": ids["delivery"]},
        "deleteWebhook": {"webhookId": "garbage"},
        "updateRemixPolicy": {"postId": ids["first"], "policy": "ASK"},
        "updatePromptVisibility": {"postId": ids["first"], "visibility": "NOBODY"},
        "updateSharing": {"remixPolicy": "EVERYONE"},
        "updateViewing": {"aiPictures": "SHOW"},
        "keepHomePlace": {"cursor": "k1"},
        "revokeRemix": {"postId": ids["theirs"]},
        "restoreRemix": {"postId": ids["theirs"]},
        "requestRemix": {"postId": ids["closed"]},
        "acceptRemixRequest": {"requestId": ids["request"]},
        "declineRemixRequest": {"requestId": ids["request"]},
        "updatePostVisibility": {"postId": ids["root"], "visibility": "PUBLIC"},
        "deleteImage": {"imageId": "garbage"},
        "votePoll": {"pollId": "garbage", "choices": [0]},
        "narrowOldPosts": {"before": "2020-01-01T00:00:00Z", "visibility": "UNLISTED"},
        "giveOpinion": {"hashtag": "fish", "wish": "LESS"},
        "withdrawOpinion": {"opinionId": ids["opinion"]},
        "muteWord": {"text": "fish"},
        "markNotificationsRead": {"until": "k5"},
        "updateNotificationFilters": {"newAccounts": "ACCEPT"},
        "updateNotificationSwitch": {"kind": "LIKE"},
        "updateDigest": {"frequency": "DAILY"},
        "unmuteWord": {"wordId": ids["word"]},
        "subscribeToPush": Receiving().given,
        "unsubscribeFromPush": {"pushSubscriptionId": ids["push"]},
        "setAccountPrivacy": {"isPrivate": False},
        "openChat": {"userId": ids["friend"]},
        "createGroupChat": {"userIds": [ids["friend"]]},
        **{name: {"chatId": ids["group"]} for name in ("leaveChat", "clearChat", "indicateTyping")},
        "renameChat": {"chatId": ids["group"], "name": "x"},
        "addChatMembers": {"chatId": ids["group"], "userIds": [ids["friend"]]},
        "removeChatMember": {"chatId": ids["group"], "userId": ids["friend"]},
        "setChatAdmin": {"chatId": ids["group"], "userId": ids["friend"], "isAdmin": True},
        "setChatMuted": {"chatId": ids["group"], "isMuted": True},
        "markChatRead": {"chatId": ids["group"], "sequence": 1},
        "answerChatRequest": {"chatId": ids["group"], "accept": True},
        "sendMessage": {"chatId": ids["chat"], "text": "x"},
        "editMessage": {"messageId": ids["message"], "text": "y"},
        "reactToMessage": {"messageId": ids["message"], "emoji": "🎨"},
        "deleteMessage": {"messageId": ids["lost"]},
        "hideMessage": {"messageId": ids["lost"]},
        "updateChatSettings": {},
        **security_inputs(ids["passkey"]),
        "removePasskey": {"passkeyId": "garbage"},  # `logIn` is to ask for it
        **signing_inputs(),
        "deactivateAccount": {"password": "wrong"},
        "changePassword": {"currentPassword": "wrong", "newPassword": "other words that nobody guesses"},
    }  # fmt: skip
