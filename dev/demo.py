"""`python -m dev.demo`: the main job of Fresque, played against a running one as two people would, over HTTP and WebSocket.

A reader follows an author and opens the home timeline. The author asks for a picture, watches it being made and publishes
it. The reader receives the post live, fetches the picture and likes the post; the author's open screen shows the count. It
prints what each saw with times, keeps the picture, and exits non-zero when anything is missing.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import httpx

from settings import settings
from tests.people import Person, Town

PROMPT = "a fox and an owl under the moon in a forest at night"
STYLE = "watercolour"
SHORTEST_PICTURE_BYTES = 1_000
LONGEST_SECONDS = 120
PICTURE = Path("demo.webp")


class Missing(Exception):
    """Something that had to happen did not; the sentence says what."""


class Stage:
    """Says what each saw, and when, in seconds since the curtain rose."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def say(self, who: str, what: str) -> float:
        """One line; gives the moment it was said."""
        now = time.monotonic() - self.began
        print(f"{now:7.2f} s  {who:<7} {what}", flush=True)
        return now


def demand(truth: object, sentence: str) -> None:
    """Raise Missing unless it is true."""
    if not truth:
        raise Missing(sentence)


async def make_picture(author: Person, stage: Stage) -> str:
    """The author asks for a picture and watches the job; the image's id."""
    asked = await author.do("GenerateImages", prompt=PROMPT, style=STYLE)
    job = asked["job"]
    stage.say("author", f"asked for a picture: “{PROMPT}”, {STYLE}, seed {job['seed']}")
    previews, state = 0, "QUEUED"
    async with author.live("JobLive", id=job["id"]) as feed:
        event = feed.first
        while True:
            if event["__typename"] == "JobProgressed":
                previews += bool(event["previewUrl"])
                done = f"{event['fraction']:.0%}" if event["fraction"] is not None else "…"
                stage.say("author", f"sees {event['phase']} {done}{' with a preview' if event['previewUrl'] else ''}")
            elif event["__typename"] == "JobChanged":
                if event["job"]["state"] != state:
                    state = event["job"]["state"]
                    stage.say("author", f"sees the job {state.lower()}")
                if state not in ("QUEUED", "RUNNING", "IN_REVIEW"):
                    demand(state == "SUCCEEDED", f"The job ended as {state}: {event['job']['failure']}")
                    demand(previews, "No partial picture was shown while the job ran.")
                    image: str = event["job"]["outputs"][0]["image"]["id"]
                    return image
            event = await feed.next()


async def play(town: Town, stage: Stage) -> None:
    """The whole play. Raises Missing, or what the two people's clients raise."""
    author, reader = await town.person("author"), await town.person("reader")
    stage.say("both", f"signed up as @{author.handle} and @{reader.handle}")
    await reader.follow(author)
    page = await reader.home()
    async with reader.live("HomeLive", after=page["liveCursor"]) as home:
        stage.say("reader", "follows the author and watches the home timeline")
        image = await make_picture(author, stage)
        text = "Made here, a moment ago. #fresque"
        published = stage.say("author", "publishes the picture")
        post = (await author.do("CreatePost", text=text, images=[{"imageId": image, "altText": PROMPT}]))["post"]
        async with author.live("PostsLive", ids=[post["id"]]) as screen:
            event = await home.until("PostPublished")
            seen = event["edge"]["node"]
            demand(seen["id"] == post["id"], "The reader received another post.")
            demand(seen["images"], "The post arrived without its picture.")
            arrived = stage.say("reader", "receives the post live, with the address of its picture")
            answer = await town.http.get(seen["images"][0]["url"], follow_redirects=True)
            demand(answer.status_code == 200, f"The picture's address answered {answer.status_code}.")
            demand(answer.headers["content-type"] == "image/webp", "The picture is not WebP.")
            demand(len(answer.content) > SHORTEST_PICTURE_BYTES, "The picture is empty.")
            await asyncio.to_thread(PICTURE.write_bytes, answer.content)
            stage.say("reader", f"fetched the picture: {len(answer.content):,} bytes, kept as {PICTURE}")
            liked = stage.say("reader", "likes the post")
            await reader.do("LikePost", postId=post["id"])
            changed = await screen.until("PostChanged")
            demand(
                changed["post"]["likeCount"] == 1, f"The author's screen shows {changed['post']['likeCount']} likes."
            )
            shown = stage.say("author", "sees one like on the open screen")
    print(f"\npublish to reader {arrived - published:.3f} s; like to author's screen {shown - liked:.3f} s")


async def main() -> int:
    """0 when everything happened."""
    address = os.environ.get("FRESQUE_URL") or settings().base_url
    stage = Stage()
    try:
        async with asyncio.timeout(LONGEST_SECONDS), httpx.AsyncClient(timeout=20) as client:
            await play(Town(address, client), stage)
    except (Missing, AssertionError, TimeoutError, OSError, httpx.HTTPError) as failure:
        print(f"The demo failed at {address}: {failure or type(failure).__name__}", file=sys.stderr)
        if isinstance(failure, httpx.ConnectError):
            print("Nothing answers there: is `make run` running, and has it said that Fresque runs?", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
