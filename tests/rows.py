"""One row of everything, for tests that ask for every field there is."""

from __future__ import annotations

from models import node_id
from models.database import fetch
from models.engine import announce
from models.likeness import remember
from provenance.examining import as_json
from provenance.reading import Found, Standing
from provenance.ticket import Tickets
from tests.labeling import heard
from tests.people import Person, Town
from tests.pushing import Receiving
from tests.securing import passkey_row
from tests.selection import BOOKMARK, UPDATE_PROFILE, mutation
from tests.telling import caught_up


async def make_rows(town: Town, ada: Person, bob: Person) -> dict[str, str]:
    """One of everything; gives ids by name."""
    number = node_id.number_of("user", ada.id)
    can = {
        "min_side": 64, "max_side": 64, "side_step": 1, "max_count": 4, "supports_edits": True, "supports_masks": False,
        "max_references": 0, "supports_transparent_background": False, "supports_seeds": True, "max_partial_images": 1,
        "output_formats": ["png"], "styles": ["plain"], "supports_variations": True, "upscale_factors": [2],
        "supports_background_removal": True,
    }  # fmt: skip
    await announce("paper", [{"name": "sheet", "default_width": 64, "default_height": 64, "capabilities": can}], True)
    (row,) = await fetch(
        "INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash)"
        " VALUES ($1, 'p/schema', 'image/png', 9, 8, 8, 'L00000fQfQfQfQfQfQfQfQfQfQfQ') RETURNING id",
        number,
    )
    await fetch("UPDATE users SET avatar_id = $1, banner_id = $1 WHERE id = $2", row["id"], number)
    image = node_id.encode("image", row["id"])
    quoted = await bob.write("Quoted")
    root = await bob.write("Root")
    text = f"@{bob.handle} #tag https://example.org"
    post = await ada.write(text, images=[{"imageId": image}], quotedPostId=quoted, replyToId=root)
    gone = await bob.write("Gone", replyToId=post)
    await bob.write("An answer", replyToId=post)
    await bob.do("DeletePost", postId=gone)
    await bob.do("RepostPost", postId=post)
    await bob.do("LikePost", postId=post)
    await bob.write("Quoting", quotedPostId=post)
    (card,) = await fetch(
        "INSERT INTO link_cards (digest, url, state, title, image_id) VALUES (fresque_id()::text::bytea, 'https://a.example', 'READY', 'x', $1)"
        " RETURNING id",
        row["id"],
    )
    await fetch("UPDATE posts SET link_card_id = $2 WHERE id = $1", node_id.number_of("post", post), card["id"])
    await ada.do(BOOKMARK, postId=post)
    await ada.follow(bob)
    await ada.do(UPDATE_PROFILE, pinnedPostId=post)
    job = (await ada.do("GenerateImages", prompt="a cat", engine="paper"))["job"]["id"]
    await fetch(
        "UPDATE generation_jobs SET state = 'FAILED', failure_code = 'x', failure_message = 'X.' WHERE id = $1",
        node_id.number_of("job", job),
    )
    told = {"style_code": "fs1-x", "graph": {}, "edit": {"did": ["x"], "undone": [], "varied": 0.5}}
    told["mask"] = {"edited_share": 0.5, "changed_before": 0.1, "mean_shift": 2.5, "changed_after": 0.0}
    await fetch(
        "UPDATE generation_outputs SET image_id = $2, facts = $3::jsonb WHERE job_id = $1",
        node_id.number_of("job", job),
        row["id"],
        told,
    )
    hook = (await ada.do(mutation("createWebhook"), url="https://hooks.example.org"))["webhook"]["id"]
    told = (await ada.do(mutation("testWebhook"), webhookId=hook))["delivery"]["id"]
    await fetch(
        "INSERT INTO webhook_attempts (delivery_id, milliseconds) VALUES ($1, 5)", node_id.number_of("delivery", told)
    )
    await ada.do(mutation("createAccessToken"), name="x", scopes=["READ"])
    edit = (await ada.do(mutation("editImage"), prompt="bluer", imageId=image))["job"]["id"]
    (thread,) = await fetch(
        "SELECT thread_id, (SELECT id FROM past_prompts WHERE owner_id = $2 LIMIT 1) AS prompt FROM generation_jobs WHERE id = $1",
        node_id.number_of("job", edit),
        number,
    )
    open_job = (await ada.do(mutation("generateImages", 2), prompt="a cow", engine="paper", publish={"text": "Soon"}))[
        "job"
    ]
    opened = {
        "thread": node_id.encode("thread", thread["thread_id"]),
        "prompt": node_id.encode("prompt", thread["prompt"]),
    }
    opened |= {"making": open_job["post"]["id"], "open": open_job["id"]}
    settled = [{"name": "SEED", "value": "7"}]
    opened["preset"] = (await ada.do(mutation("createPreset"), name="x", settings=settled))["preset"]["id"]
    said = {"text": "x", "images": [{"imageId": image}], "quotedPostId": post, "poll": {"options": ["a"], "minutes": 5}}
    wish = {"prompt": "x", "referenceIds": [image]}
    draft = {"content": {"posts": [said], "replyToId": post, "wish": wish}}
    opened["draft"] = (await ada.do(mutation("saveDraft"), **draft))["draft"]["id"]
    await fetch(
        "UPDATE drafts SET state = 'FAILED', job_id = $2, problem = $3::jsonb, content = jsonb_set(jsonb_set(content,"
        " '{wish,remix_post_id}', '5'), '{wish,remix_image_id}', '5') WHERE id = $1",
        node_id.number_of("draft", opened["draft"]),
        node_id.number_of("job", job),
        {"kind": "LATE", "code": None, "message": "X.", "at": "2026-01-01T00:00:00+00:00"},
    )
    style = (await ada.do(mutation("createStyleCode"), imageId=image, name="x"))["styleCode"]["id"]
    opened["style"] = style
    carl = await ada.town.person("carl")
    await ada.do(mutation("muteUser"), userId=carl.id, durationSeconds=3_600)
    await fetch(
        "INSERT INTO follow_requests (requester_id, target_id) VALUES ($1, $2)",
        node_id.number_of("user", carl.id),
        number,
    )
    word = await ada.do(mutation("muteWord"), text="root", action="WARN")
    opened["word"] = word["word"]["id"]
    opened["labeler"] = await heard(town, ada, post, image)
    opened["opinion"] = (await ada.do(mutation("giveOpinion"), hashtag="fish", wish="LESS"))["opinion"]["id"]
    opened["push"] = (await ada.do(mutation("subscribeToPush"), **Receiving().given))["pushSubscription"]["id"]
    await fetch("UPDATE push_subscriptions SET last_sent_at = now() WHERE user_id = $1", number)
    opened["passkey"] = await passkey_row(ada)
    eve = await ada.town.person("eve")
    await eve.write(f"@{ada.handle} psst", visibility="MENTIONED")
    await caught_up()
    opened |= await letters(town, ada, bob, image, post)
    board = (await ada.do(mutation("createBoard"), name="x", audience="SHARED"))["board"]["id"]
    await ada.do(mutation("addToBoard"), boardId=board, postId=post)
    await ada.do(mutation("shareBoard"), boardId=board, userId=bob.id)
    people = (await ada.do(mutation("createList"), name="x", isPrivate=False))["list"]["id"]
    await ada.do(mutation("addToList"), userListId=people, userId=ada.id)
    other = await town.person("other")
    await bob.follow(other)
    opened |= {"board": board, "list": people}
    opened["search"] = (await ada.do(mutation("saveSearch"), text="fox"))["savedSearch"]["id"]
    named = [
        {"people": [ada.id]},
        {"userListId": people},
        {"boardId": board},
        {"hashtag": "tag"},
        {"search": "root"},
        {"remixesOfPostId": post},
    ]
    weighed = [{"signal": "LIKES", "weight": 2}]
    await fetch("UPDATE users SET joined_at = now() - interval '2 days' WHERE id = $1", number)
    opened["invitation"] = (await ada.do(mutation("createInvitation")))["invitation"]["id"]
    feed = (await ada.do(mutation("createFeed"), name="x", rules={"sources": named, "weights": weighed}))["feed"]["id"]
    opened |= {"board": board, "list": people, "feed": feed}
    made = opened | {"post": post, "user": ada.id, "image": image, "job": job, "edit": edit, "root": root}
    return made | {"webhook": hook, "delivery": told}


async def letters(town: Town, ada: Person, bob: Person, image: str, post: str) -> dict[str, str]:
    """A chat of two with all that a message can have, a group, and a request."""
    chat = (await bob.do(mutation("openChat"), userId=ada.id))["chat"]["id"]
    said = await bob.do(mutation("sendMessage"), chatId=chat, text=f"@{ada.handle} #tag", sharedPostId=post)
    told = await ada.do(
        mutation("sendMessage"),
        chatId=chat,
        text=f"@{bob.handle}",
        imageIds=[image],
        sharedPostId=post,
        sharedImageId=image,
    )
    await bob.do(mutation("reactToMessage"), messageId=told["message"]["id"], emoji="🎨")
    lost = await ada.do(mutation("sendMessage"), chatId=chat, text="To go")
    friend = await town.person("friend")
    await friend.follow(ada)
    group = (await ada.do(mutation("createGroupChat"), name="x", userIds=[friend.id]))["chat"]["id"]
    await friend.do(mutation("sendMessage"), chatId=group, text="In a group")
    dora = await town.person("dora")
    asking = (await dora.do(mutation("openChat"), userId=ada.id))["chat"]["id"]
    await dora.do(mutation("sendMessage"), chatId=asking, text="Hello?")
    return {
        "chat": chat, "group": group, "message": told["message"]["id"], "said": said["message"]["id"],
        "lost": lost["message"]["id"], "friend": friend.id,
    }  # fmt: skip


async def ticket_for(tickets: Tickets, image: str) -> str:
    """What `POST /verify` gives for a picture that looks like this one and says something of itself."""
    number = node_id.number_of("image", image)
    assert number is not None
    alike = number.to_bytes(32, "big")
    await remember(number, alike)
    said = as_json(Found(Standing.INVALID, source_types=("algorithmicMedia",)))
    return tickets.seal({"found": said, "sightings": [], "likenesses": [alike.hex()]})


async def edited(author: Person, image: str) -> str:
    """A post with a poll, a picture and a history."""
    asked = {"options": ["a", "b"], "minutes": 5}
    post = await author.write("First #tag", images=[{"imageId": image}], poll=asked)
    await author.do(mutation("editPost"), postId=post, text="Second #tag")
    return post
