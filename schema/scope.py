"""Which scope opens what: every root field, every field of the viewer and every kind of node, in one place.

One of the scopes named is enough. What is `ALONE` is opened by none: passwords, sessions, tokens, apps, and what would outlive a token
that was taken back (webhooks, pushes). `FREE` needs none, since it leads only to what does. What is missing here is `ALONE`, and
`tests/test_scope.py` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from models.scope import Scope, ordered
from resolvers.scope import SCOPE

Opened = Mapping[frozenset[Scope] | None, str]

ALONE: Final[frozenset[Scope]] = frozenset()
FREE: Final = None


def _by(*scopes: Scope) -> frozenset[Scope]:
    return frozenset(scopes)


READ, PRIVATE, MESSAGES = _by(Scope.READ), _by(Scope.READ_PRIVATE), _by(Scope.READ_MESSAGES)
POSTS, FOLLOWS, SAY = _by(Scope.WRITE_POSTS), _by(Scope.WRITE_FOLLOWS), _by(Scope.WRITE_MESSAGES)
ACCOUNT, GENERATE, MODERATE = _by(Scope.WRITE_ACCOUNT), _by(Scope.GENERATE), _by(Scope.MODERATE)
PICTURES = _by(Scope.READ, Scope.GENERATE)

QUERY: Opened = {
    FREE: "viewer node nodes rateLimit site",
    READ: "user hashtag exploreTimeline trends search verifyImage transparency",
    PICTURES: "preset styleCode engines",
    ALONE: "authorizationRequest loginProvider",
}
SUBSCRIPTION: Opened = {
    READ: "homeTimeline exploreTimeline userTimeline hashtagTimeline searchTimeline customFeedTimeline conversation postsChanged",
    PRIVATE: "savedSearches userListTimeline boardChanged followRequests draftsChanged notifications remixRequests",
    MESSAGES: "chats chat",
    GENERATE: "generationJob",
}
VIEWER: Opened = {
    READ: "user homeTimeline forYouTimeline feeds pinnedFeeds feedPreview followSuggestions userSuggestions",
    PRIVATE: "unreadNotificationCount notifications notificationRequests notificationRequestCount notificationSettings"
    " showsSensitive language homePlace opinions bookmarks followRequests followRequestCount blockedUsers mutedUsers mutedWords boards"
    " lists savedSearches drafts scheduledDrafts remixRequests sentRemixRequests sharing viewing postNarrowing reports moderationActions strikes isSuspended role"
    " labelers isLabeler givenLabels",
    MESSAGES: "unreadChatCount chatRequestCount chats messageSearch chatSettings",
    GENERATE: "images generationThreads presets styleCodes promptHistory promptSuggestions generationJobs credits generationQuote",
    MODERATE: "desk",
    ALONE: "security sessions webhooks accessTokens apps connectedApps email invitations invitationPlacesLeft invitedBy externalIdentities",
}
MUTATION: Opened = {
    ALONE: "completeLogIn logInWithPasskey reauthenticate beginTotp confirmTotp removeTotp beginPasskey addPasskey renamePasskey"
    " removePasskey renewRecoveryCodes setRole signUp logIn logOut revokeSession revokeOtherSessions changePassword deactivateAccount setAccountPrivacy"
    " subscribeToPush unsubscribeFromPush createWebhook updateWebhook deleteWebhook rotateWebhookSecret redeliverWebhook testWebhook"
    " createAccessToken revokeAccessToken createApp updateApp rotateAppSecret deleteApp disconnectApp authorizeApp"
    " requestEmailConfirmation confirmEmail changeEmail cancelEmailChange requestPasswordReset resetPassword createInvitation revokeInvitation startExternalLogin unlinkIdentity"
    " createAutomodRule updateAutomodRule setAutomodRuleState deleteAutomodRule",
    MODERATE: "openCase assignCase addCaseNote takeAction reverseAction decideAppeal decideHeldPicture startAutomodRun cancelAutomodRun",
    FREE: "recordViews",
    POSTS: "createPost createThread deletePost editPost updatePostVisibility narrowOldPosts votePoll likePost unlikePost repostPost"
    " unrepostPost bookmarkPost unbookmarkPost setReplyPolicy setQuotePolicy setPostSensitive hideReply unhideReply detachQuote"
    " reattachQuote removeLinkCard saveDraft deleteDraft schedulePost unscheduleDraft publishDraft createBoard updateBoard deleteBoard"
    " addToBoard removeFromBoard moveOnBoard shareBoard unshareBoard updateRemixPolicy updatePromptVisibility revokeRemix restoreRemix"
    " requestRemix acceptRemixRequest declineRemixRequest putLabel removeLabel",
    FOLLOWS: "followUser unfollowUser updateFollow blockUser unblockUser muteUser unmuteUser acceptFollowRequest declineFollowRequest"
    " cancelFollowRequest removeFollower muteConversation unmuteConversation muteWord unmuteWord dismissFollowSuggestion createList"
    " updateList deleteList addToList removeFromList",
    SAY: "openChat createGroupChat renameChat addChatMembers removeChatMember setChatAdmin setChatMuted markChatRead answerChatRequest"
    " indicateTyping leaveChat clearChat sendMessage editMessage deleteMessage reactToMessage hideMessage updateChatSettings",
    ACCOUNT: "createReport appealAction updateProfile createFeed updateFeed deleteFeed copyFeed pinFeed unpinFeed giveOpinion withdrawOpinion"
    " markNotificationsRead updateNotificationFilters updateNotificationSwitch updateDigest acceptNotificationRequest"
    " dismissNotificationRequest keepHomePlace updateSharing saveSearch renameSavedSearch moveSavedSearch markSavedSearchSeen"
    " deleteSavedSearch updatePreferences updateViewing declareLabeler closeLabeler subscribeToLabeler unsubscribeFromLabeler chooseLabel",
    GENERATE: "generateImages editImage varyImage upscaleImage removeBackground continueGeneration renameGenerationThread"
    " archiveGenerationThread deleteGenerationThread enhancePrompt deletePastPrompt retryGeneration createPreset updatePreset"
    " deletePreset createStyleCode updateStyleCode deleteStyleCode cancelGeneration",
    _by(Scope.WRITE_POSTS, Scope.GENERATE): "createImageUpload completeImageUpload deleteImage",
}
NODES: Opened = {
    READ: "Post Poll User CustomFeed",
    PICTURES: "Image Preset StyleCode",
    PRIVATE: "Board UserList Draft MutedWord Notification Opinion RemixRequest SavedSearch Report",
    _by(Scope.READ_MESSAGES, Scope.WRITE_MESSAGES): "Chat DirectMessage",
    GENERATE: "GenerationJob GenerationJobEntry GenerationThread PastPrompt CreditEntry",
    MODERATE: "ModerationCase ModerationAction Appeal AutomodRule AutomodRun",
    ALONE: "Passkey Session PushSubscription Webhook WebhookAttempt WebhookDelivery AccessToken App ConnectedApp Invitation ExternalIdentity",
}
FIELDS = {"Query": QUERY, "Mutation": MUTATION, "Subscription": SUBSCRIPTION, "Viewer": VIEWER}


def declare_scopes(schema: GraphQLSchema) -> None:
    """Note at each field and type what opens it, and say so in its description. Raises KeyError for a name that is nothing's."""
    for name, opened in FIELDS.items():
        kind = schema.type_map[name]
        if not isinstance(kind, GraphQLObjectType):
            raise TypeError(f"{name} is no type of objects.")
        told = _told(opened)
        for field in kind.fields.values():
            field.extensions[SCOPE] = frozenset()
        for label, scopes in told.items():
            _mark(kind.fields[label], scopes)
        for label in kind.fields.keys() - told.keys():
            _mark(kind.fields[label], ALONE)
    told = _told(NODES)
    nodes = {
        kind.name: kind for kind in schema.type_map.values() if isinstance(kind, GraphQLObjectType) and _is_node(kind)
    }
    for label in nodes.keys() | told.keys():
        _mark(nodes[label], told.get(label, ALONE))


def missing(schema: GraphQLSchema) -> list[str]:
    """What has to be declared here and is not."""
    found = []
    for name, opened in FIELDS.items():
        kind = schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        found += [f"{name}.{label}" for label in kind.fields if label not in _told(opened)]
    told = _told(NODES)
    found += [
        kind.name
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and _is_node(kind) and kind.name not in told
    ]
    return sorted(found)


def _told(opened: Opened) -> dict[str, frozenset[Scope] | None]:
    return {name: scopes for scopes, names in opened.items() for name in names.split()}


def _is_node(kind: GraphQLObjectType) -> bool:
    return any(isinstance(one, GraphQLInterfaceType) and one.name == "Node" for one in kind.interfaces)


def _mark(marked: GraphQLField | GraphQLObjectType, scopes: frozenset[Scope] | None) -> None:
    if scopes is FREE:
        marked.extensions.pop(SCOPE, None)
        sentence = "No scope is needed."
    elif not scopes:
        marked.extensions[SCOPE] = frozenset()
        sentence = "No scope opens it: only who has signed in by themselves."
    else:
        marked.extensions[SCOPE] = frozenset(scope.value for scope in scopes)
        sentence = f"Scope: {' or '.join(f'`{scope.value}`' for scope in ordered(scopes))}."
    marked.description = f"{marked.description or ''} {sentence}".strip()
