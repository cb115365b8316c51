"""How often Python looks for garbage that its counting of references does not find: seldom, and not in what is always there.

By default every 700 new objects make it look, and every growth by a quarter makes it look through all there is: in a
process with a thousand subscribers that took 20 µs of each event for one of them, and 200 ms at a time.
"""

from __future__ import annotations

import gc

YOUNG_OBJECTS = 20_000  # new ones that are not gone by themselves before it looks; a page of a timeline makes 2,000
YOUNGER_LOOKS = 20  # looks at the youngest for one at those that outlived one, and so on


def settle() -> None:
    """From here on what there is now (modules, the schema) is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, YOUNGER_LOOKS, YOUNGER_LOOKS)
