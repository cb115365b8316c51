"""The root of mutations: one verb and noun per intent, one input, one payload, refusals as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import image as images
from resolvers import job as jobs
from resolvers import post as posts
from resolvers import preset as presets
from resolvers import prompt as prompts
from resolvers import session as sessions
from resolvers import thread as threads
from resolvers import user as users
from resolvers import webhook as webhooks
from resolvers import wish as wishes
from schema import making_payload, payload
from schema.access_token_mutation import AccessTokenMutations
from schema.app_mutation import AppMutations
from schema.automod_mutation import AutomodMutation
from schema.chat_mutation import ChatMutation
from schema.custom_feed_mutation import FeedMutation
from schema.draft_mutation import DraftMutations
from schema.editing import EditingMutation
from schema.email_address_mutation import EmailAddressMutations
from schema.external_login_mutation import ExternalLoginMutations
from schema.gallery import GalleryMutation
from schema.gathering_mutation import GatheringMutation
from schema.invitation_mutation import InvitationMutations
from schema.labeler_mutation import LabelerMutations
from schema.moderation_mutation import ModerationMutation
from schema.notification_mutation import NotificationMutation
from schema.opinion_mutation import OpinionMutation
from schema.people_mutation import PeopleMutation
from schema.push_mutation import PushMutations
from schema.reading_place_mutation import ReadingPlaceMutations
from schema.remix_mutation import RemixMutations
from schema.saved_search_mutation import SavedSearchMutations
from schema.security_mutation import SecurityMutations
from schema.style_code_mutation import StyleCodeMutations
from schema.talk import TalkMutation
from schema.viewing_mutation import ViewingMutations


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(
    description="Everything that can be done. All but signing up, in and out, links of letters and telling of views needs somebody signed in."
)
class Mutation(
    AccessTokenMutations,
    AppMutations,
    ExternalLoginMutations,
    ChatMutation,
    EditingMutation,
    FeedMutation,
    GalleryMutation,
    OpinionMutation,
    ModerationMutation,
    AutomodMutation,
    NotificationMutation,
    GatheringMutation,
    PeopleMutation,
    PushMutations,
    ReadingPlaceMutations,
    RemixMutations,
    SavedSearchMutations,
    SecurityMutations,
    StyleCodeMutations,
    TalkMutation,
    ViewingMutations,
    DraftMutations,
    EmailAddressMutations,
    InvitationMutations,
    LabelerMutations,
):
    sign_up: payload.SignUpPayload = _mutation(
        sessions.sign_up, payload.SignUpPayload, "Open an account and be signed in."
    )
    log_in: payload.LogInPayload = _mutation(
        sessions.log_in,
        payload.LogInPayload,
        "Sign in. Whether a name exists cannot be told from the answer. Where the account asks for a second factor, the answer is a"
        " `pendingLogin`, for `completeLogIn`.",
    )
    log_out: payload.LogOutPayload = _mutation(
        sessions.log_out, payload.LogOutPayload, "End this session or all; their open sockets close at once."
    )
    revoke_session: payload.RevokeSessionPayload = _mutation(
        sessions.revoke_session,
        payload.RevokeSessionPayload,
        "End one session of the viewer's; its open sockets close at once. Another than the one that asks needs a recent proof of who"
        " asks.",
    )
    revoke_other_sessions: payload.RevokeOtherSessionsPayload = _mutation(
        sessions.revoke_other_sessions,
        payload.RevokeOtherSessionsPayload,
        "End all sessions of the viewer but this one; their open sockets close at once. Needs a recent proof of who asks.",
    )
    update_profile: payload.UpdateProfilePayload = _mutation(
        users.update_profile, payload.UpdateProfilePayload, "Change one's own profile."
    )
    follow_user: payload.FollowUserPayload = _mutation(
        users.follow_user, payload.FollowUserPayload, "Follow somebody. Refused when either blocks the other."
    )
    unfollow_user: payload.UnfollowUserPayload = _mutation(
        users.unfollow_user, payload.UnfollowUserPayload, "Follow somebody no longer."
    )
    block_user: payload.BlockUserPayload = _mutation(
        users.block_user,
        payload.BlockUserPayload,
        "Block somebody: neither sees the other's posts; follows in both directions end.",
    )
    unblock_user: payload.UnblockUserPayload = _mutation(
        users.unblock_user, payload.UnblockUserPayload, "Block somebody no longer."
    )
    unmute_user: payload.UnmuteUserPayload = _mutation(
        users.unmute_user, payload.UnmuteUserPayload, "Mute somebody no longer."
    )
    create_post: payload.CreatePostPayload = _mutation(
        posts.create_post, payload.CreatePostPayload, "Publish a post, a reply or a quote."
    )
    delete_post: payload.DeletePostPayload = _mutation(
        posts.delete_post,
        payload.DeletePostPayload,
        "Delete a post of one's own. A tombstone stays in its conversation.",
    )
    like_post: payload.LikePostPayload = _mutation(
        posts.like_post, payload.LikePostPayload, "Like a post; twice is the same as once."
    )
    unlike_post: payload.UnlikePostPayload = _mutation(
        posts.unlike_post, payload.UnlikePostPayload, "Like a post no longer."
    )
    repost_post: payload.RepostPostPayload = _mutation(
        posts.repost_post,
        payload.RepostPostPayload,
        "Put a post before one's own followers; twice is the same as once.",
    )
    unrepost_post: payload.UnrepostPostPayload = _mutation(
        posts.unrepost_post, payload.UnrepostPostPayload, "Take a repost back."
    )
    bookmark_post: payload.BookmarkPostPayload = _mutation(
        posts.bookmark_post, payload.BookmarkPostPayload, "Keep a post for later; nobody else learns of it."
    )
    unbookmark_post: payload.UnbookmarkPostPayload = _mutation(
        posts.unbookmark_post, payload.UnbookmarkPostPayload, "Keep a post no longer."
    )
    generate_images: making_payload.GenerateImagesPayload = _mutation(
        wishes.generate_images,
        making_payload.GenerateImagesPayload,
        "Ask an engine for pictures; the job waits for its turn.",
    )
    edit_image: making_payload.EditImagePayload = _mutation(
        wishes.edit_image,
        making_payload.EditImagePayload,
        "Have one of one's own pictures changed as told; the picture itself stays, what comes of it is new.",
    )
    vary_image: making_payload.VaryImagePayload = _mutation(
        wishes.vary_image, making_payload.VaryImagePayload, "Have others made that are like one of one's own pictures."
    )
    upscale_image: making_payload.UpscaleImagePayload = _mutation(
        wishes.upscale_image, making_payload.UpscaleImagePayload, "Have one of one's own pictures made larger."
    )
    remove_background: making_payload.RemoveBackgroundPayload = _mutation(
        wishes.remove_background,
        making_payload.RemoveBackgroundPayload,
        "Have what one of one's own pictures shows cut out of its background.",
    )
    continue_generation: making_payload.ContinueGenerationPayload = _mutation(
        wishes.continue_generation,
        making_payload.ContinueGenerationPayload,
        "Go on with a thread: its newest picture is edited where the engine can, else one is made anew out of all that was said.",
    )
    rename_generation_thread: making_payload.RenameGenerationThreadPayload = _mutation(
        threads.rename_generation_thread,
        making_payload.RenameGenerationThreadPayload,
        "Give a thread of one's own another title.",
    )
    archive_generation_thread: making_payload.ArchiveGenerationThreadPayload = _mutation(
        threads.archive_generation_thread,
        making_payload.ArchiveGenerationThreadPayload,
        "Put a thread of one's own away, or back.",
    )
    delete_generation_thread: making_payload.DeleteGenerationThreadPayload = _mutation(
        threads.delete_generation_thread,
        making_payload.DeleteGenerationThreadPayload,
        "Forget a thread of one's own. Its jobs and pictures stay.",
    )
    enhance_prompt: making_payload.EnhancePromptPayload = _mutation(
        prompts.enhance_prompt,
        making_payload.EnhancePromptPayload,
        "Say what a prompt leaves open; nothing is made. Rules do, and the same prompt gives the same; or a text model that whoever"
        " runs this place named, to which the prompt is sent, and then it may be another each time.",
    )
    delete_past_prompt: making_payload.DeletePastPromptPayload = _mutation(
        prompts.delete_past_prompt,
        making_payload.DeletePastPromptPayload,
        "Forget a prompt of one's history. The jobs that used it stay.",
    )
    retry_generation: making_payload.RetryGenerationPayload = _mutation(
        jobs.retry_generation,
        making_payload.RetryGenerationPayload,
        "Do a job of one's own again that failed, was cancelled, came too late or was made in part: what was not made.",
    )
    create_preset: making_payload.CreatePresetPayload = _mutation(
        presets.create_preset, making_payload.CreatePresetPayload, "Keep settings and a prompt template under a name."
    )
    update_preset: making_payload.UpdatePresetPayload = _mutation(
        presets.update_preset,
        making_payload.UpdatePresetPayload,
        "Change a preset of one's own, share it or take it back.",
    )
    delete_preset: making_payload.DeletePresetPayload = _mutation(
        presets.delete_preset,
        making_payload.DeletePresetPayload,
        "Delete a preset of one's own: its code leads nowhere then.",
    )
    cancel_generation: making_payload.CancelGenerationPayload = _mutation(
        jobs.cancel_generation, making_payload.CancelGenerationPayload, "Stop a job of one's own, waiting or running."
    )
    create_image_upload: payload.CreateImageUploadPayload = _mutation(
        images.create_image_upload,
        payload.CreateImageUploadPayload,
        "Ask for a form with which to send a picture straight to the bucket.",
    )
    complete_image_upload: payload.CompleteImageUploadPayload = _mutation(
        images.complete_image_upload,
        payload.CompleteImageUploadPayload,
        "Have a sent picture checked and kept. Twice gives the same image.",
    )
    create_webhook: payload.CreateWebhookPayload = _mutation(
        webhooks.create_webhook,
        payload.CreateWebhookPayload,
        "Have an address told what becomes of one's jobs. At most 10 for a person. Needs a recent proof of who asks.",
    )
    update_webhook: payload.UpdateWebhookPayload = _mutation(
        webhooks.update_webhook,
        payload.UpdateWebhookPayload,
        "Change a webhook of one's own, or turn it off or on. Another address needs a recent proof of who asks.",
    )
    delete_webhook: payload.DeleteWebhookPayload = _mutation(
        webhooks.delete_webhook,
        payload.DeleteWebhookPayload,
        "Forget a webhook of one's own and everything it was told.",
    )
    rotate_webhook_secret: payload.RotateWebhookSecretPayload = _mutation(
        webhooks.rotate_webhook_secret,
        payload.RotateWebhookSecretPayload,
        "Give a webhook a new secret. For 24 hours messages are signed with the old one, too. Needs a recent proof of who asks.",
    )
    redeliver_webhook: payload.RedeliverWebhookPayload = _mutation(
        webhooks.redeliver_webhook,
        payload.RedeliverWebhookPayload,
        "Send a message again, as it was and with its id. At most 10 a minute for a webhook, tests included.",
    )
    test_webhook: payload.TestWebhookPayload = _mutation(
        webhooks.test_webhook,
        payload.TestWebhookPayload,
        "Send a message that says nothing but that it is a test. At most 10 a minute for a webhook.",
    )
