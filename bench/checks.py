"""What each check costs: `python -m bench.checks [--pictures 8] [--side 1024]`. It needs no servers.

Pictures are made by the built-in engine from prompts of the tests; each check is timed alone, one picture after the other, on
what it is given in a worker; seconds are of the clock, and of a processor where others use the machine too. Says how sexual the classifier finds landscapes, too, since thresholds stand on that.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench.results import HERE
from generation import table
from generation.engine import Picture, Request
from models.wish import LONGEST_PROMPT_GRAPHEMES
from provenance.likeness import of_luma
from safety.eye import Eye
from safety.rule import RULES_FILE, load
from settings import Settings
from storage.intake import derive

PROMPTS = HERE / "tests" / "prompts.tsv"
PATIENCE_SECONDS = 60.0


async def pictures(count: int, side: int) -> list[bytes]:
    """Pictures of the built-in engine, and how long it took."""
    (atelier,) = table.engines(Settings())
    await atelier.start()
    made: list[bytes] = []
    lines = await asyncio.to_thread(PROMPTS.read_text)
    prompts = [line.split("\t")[0] for line in lines.splitlines() if line.strip() and not line.startswith("#")]
    began = time.perf_counter()
    for number in range(count):
        request = Request(prompts[number % len(prompts)], atelier.models[0].name, side, side, 1, number)
        made += [step.data async for step in atelier.generate(request) if isinstance(step, Picture)]
    print(f"made by the engine: {(time.perf_counter() - began) / count:.3f} s a picture")
    await atelier.close()
    return made


async def timed(
    name: str, act: Callable[[bytes], Awaitable[object]], data: list[bytes], spent: Callable[[], float]
) -> None:
    """Do it with each, and print the seconds it takes; `spent` are a processor's so far."""
    seconds, before = [], spent()
    for one in data:
        began = time.perf_counter()
        await act(one)
        seconds.append(time.perf_counter() - began)
    each = (spent() - before) / len(data)
    print(f"{name}: median {statistics.median(seconds):.3f} s, {each:.3f} s of a processor")


def spent_by_children() -> float:
    """Processor seconds of the children that are gone."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def spent_by(eye: Eye) -> float:
    """Processor seconds of the child that looks, so far."""
    if eye.process_id is None:
        return 0.0
    fields = Path(f"/proc/{eye.process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(process_id: int | None) -> str:
    """How much memory a process holds."""
    line = next(one for one in Path(f"/proc/{process_id}/status").read_text().splitlines() if one.startswith("VmRSS"))
    return f"{int(line.split()[1]) / 1024:.0f} MiB"


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=8)
    parser.add_argument("--side", type=int, default=1024)
    given = parser.parse_args()
    made = await pictures(given.pictures, given.side)
    taken = [one.derivatives["medium"] for one in [await derive(data) for data in made]]
    await timed("sizes (storage.intake.derive, no check)", derive, made, spent_by_children)
    eye = Eye(PATIENCE_SECONDS)

    def spent() -> float:
        return spent_by(eye)

    await timed("the first look, with loading the classifier", eye.look, taken[:1], spent)
    await timed("classifier", eye.look, taken, spent)
    print(f"memory with the classifier: {resident(eye.process_id)}")
    await timed("the first look for text", lambda one: eye.look(one, sexual=False, text=True), taken[:1], spent)
    await timed("text (and nothing else)", lambda one: eye.look(one, sexual=False, text=True), taken, spent)
    print(f"memory with the reader too: {resident(eye.process_id)}")
    await timed("neither: decoding, luma", lambda one: eye.look(one, sexual=False), taken, spent)
    seen = [await eye.look(one) for one in taken]
    await eye.close()
    began = time.process_time()
    for one in seen:
        of_luma(one.luma, one.width, one.height)
    print(f"likeness: {(time.process_time() - began) / len(seen):.4f} s of a processor")
    scores = sorted(100 * (one.sexual or 0.0) for one in seen)
    print(f"how sexual, in percent: {', '.join(f'{score:.1f}' for score in scores)}")
    began = time.perf_counter()
    rules = load(RULES_FILE)
    print(f"reading the rules: {time.perf_counter() - began:.4f} s")
    usual = "A lighthouse on a cliff at dusk, oil painting, warm light, seen from the sea."
    for name, text in (("a usual prompt", usual), ("the longest", (usual * 99)[:LONGEST_PROMPT_GRAPHEMES]),
                       ("the longest of single letters", ("a " * LONGEST_PROMPT_GRAPHEMES)[:LONGEST_PROMPT_GRAPHEMES])):  # fmt: skip
        began = time.process_time()
        rules.read(text)
        print(f"rules for words, {name}: {time.process_time() - began:.4f} s of a processor")


if __name__ == "__main__":
    asyncio.run(main())
