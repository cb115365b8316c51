"""Networks of ONNX, run on this machine and told of to nobody; `onnxruntime` is imported here, and in the child of the eye.

As it comes, onnxruntime (1.32, on Linux too) keeps an identifier of the machine under `~/.cache/Microsoft` and sends what it
runs to its maker. It looks at `ORT_DISABLE_TELEMETRY` when it is imported.
"""

from __future__ import annotations

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from onnxruntime import InferenceSession as Network
from onnxruntime import SessionOptions

__all__ = ["Network", "network"]


def network(model: str | bytes, threads: int, *, keeps_memory: bool = True) -> Network:
    """A network out of a file or out of its bytes, on so many threads of the processor; `run()` blocks.

    With `keeps_memory` what one run took is kept for the next.
    """
    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.enable_cpu_mem_arena = keeps_memory
    return Network(model, options, providers=["CPUExecutionProvider"])
