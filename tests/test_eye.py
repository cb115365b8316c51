"""The child that looks at pictures: what it sees, how long it may take, and what becomes of it when it dies."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from provenance.likeness import ALIKE_BITS, distance, of_luma
from safety.check import SEXUAL, UNCHECKED, Checks, Stage
from safety.eye import Eye, EyeFault, Sight
from safety.rule import Action
from settings import Settings
from tests.gallery import SIDE_PIXELS, painting, plain

PATIENCE_SECONDS = 60.0


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def eye() -> AsyncIterator[Eye]:
    eye = Eye(PATIENCE_SECONDS)
    yield eye
    await eye.close()


async def test_a_picture_is_looked_at(eye: Eye) -> None:
    sight = await eye.look(painting(1))
    assert sight.sexual is not None
    assert 0 <= sight.sexual < 0.05, "a safe picture"
    assert (sight.texts, sight.width, sight.height, len(sight.luma)) == ((), SIDE_PIXELS, SIDE_PIXELS, SIDE_PIXELS**2)
    smaller = await eye.look(painting(1, "JPEG"), sexual=False)
    assert smaller.sexual is None
    one, two = (of_luma(seen.luma, seen.width, seen.height) for seen in (sight, smaller))
    assert one.telling
    assert distance(one.hash, two.hash) <= ALIKE_BITS


async def test_what_is_written_in_a_picture_is_read(eye: Eye) -> None:
    sight = await eye.look(painting(1, words="Naked child"), text=True)
    assert sight.texts == ("Naked child",)
    assert (await eye.look(painting(1), text=True)).texts == ()


async def test_what_is_no_picture_is_said_and_the_next_is_looked_at(eye: Eye) -> None:
    with pytest.raises(EyeFault, match="UnidentifiedImageError"):
        await eye.look(b"no picture")
    before = eye.process_id
    assert (await eye.look(painting(2))).width == SIDE_PIXELS
    assert eye.process_id == before


async def test_a_child_that_died_is_replaced(eye: Eye) -> None:
    await eye.look(painting(2))
    before = eye.process_id
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert (await eye.look(painting(2))).width == SIDE_PIXELS
    assert eye.process_id != before


async def test_who_is_cancelled_leaves_the_child_as_it_was(eye: Eye) -> None:
    await eye.look(painting(2))
    before = eye.process_id
    asking = asyncio.create_task(eye.look(painting(3), text=True))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    found = await asyncio.gather(*(eye.look(painting(number)) for number in range(3)))
    assert len({sight.luma for sight in found}) == 3
    assert eye.process_id == before


@pytest.mark.parametrize(
    ("program", "seconds", "why"),
    [
        ("raise SystemExit(1)", PATIENCE_SECONDS, "broke off"),
        ("import sys; sys.stdin.buffer.readline(); print('nonsense', flush=True)", PATIENCE_SECONDS, "broke off"),
        ("import sys; sys.stdin.buffer.readline(); print('{\"width\": 1}', flush=True)", PATIENCE_SECONDS, "broke off"),
        ("import signal; signal.pause()", 1.0, "longer than"),
    ],
)
async def test_a_child_that_is_no_good_is_a_fault_in_time(
    tmp_path: Path, program: str, seconds: float, why: str
) -> None:
    file = tmp_path / "child.py"
    file.write_text(program)
    eye = Eye(seconds, str(file))
    began = time.monotonic()
    with pytest.raises(EyeFault, match=why):
        await eye.look(painting(1))
    assert time.monotonic() - began < PATIENCE_SECONDS
    assert eye.process_id is None, "nothing is left of it"
    await eye.close()


def seen(percent: float, *texts: str) -> Sight:
    return Sight(percent / 100, texts, b"", 0, 0)


@pytest.mark.parametrize(
    ("told", "sight", "expected"),
    [
        (Settings(), seen(79), None),
        (Settings(), seen(80), (SEXUAL, Action.REVIEW)),
        (Settings(), seen(97), (SEXUAL, Action.BLOCK)),
        (Settings(check_block_percent=0), seen(100), (SEXUAL, Action.REVIEW)),
        (Settings(check_review_percent=0), seen(96), None),
        (Settings(check_doubt="allow"), seen(96), None),
        (Settings(check_pictures=False), seen(100), None),
        (Settings(), seen(1, "a naked", "child"), ("sexual_minors", Action.BLOCK)),
        (Settings(check_prompts=False), seen(1, "a naked", "child"), None),
        (Settings(), None, (UNCHECKED, Action.REVIEW)),
        (Settings(check_fault="block"), None, (UNCHECKED, Action.BLOCK)),
        (Settings(check_fault="allow"), None, None),
    ],
)
def test_what_follows_from_what_is_seen(
    told: Settings, sight: Sight | None, expected: tuple[str, Action] | None
) -> None:
    concern = Checks(told).concern(sight)
    assert (concern and (concern.category, concern.action)) == expected
    assert concern is None or concern.stage is Stage.PICTURE


def test_uploads_are_marked_and_not_held() -> None:
    checks = Checks(Settings())
    assert [checks.is_sensitive(sight) for sight in (seen(79), seen(80), None)] == [False, True, True]
    assert not Checks(Settings(check_upload_percent=0)).is_sensitive(seen(100))


def test_settings_that_say_nothing_stop_the_process(tmp_path: Path) -> None:
    for told in (
        Settings(check_text="sometimes"),
        Settings(check_doubt="block"),
        Settings(check_fault="shrug"),
        Settings(check_rules_file=str(tmp_path / "none.toml")),
    ):
        with pytest.raises(SystemExit, match="CHECK_"):
            Checks(told)


async def test_a_colour_alone_makes_the_classifier_less_sure(eye: Eye) -> None:
    """What tests of held pictures stand on."""
    score = (await eye.look(plain())).sexual
    assert score is not None
    assert 0.15 < score < 0.5
