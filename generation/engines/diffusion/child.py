"""The process that holds a diffusers pipeline: `python -m generation.engines.diffusion.child FOLDER DEVICE`.

It reads one request frame at a time from standard input and answers with frames: `ready` once, then for each request `stage`
frames (some with a preview), and a last one, `done` with a PNG or `failed`. The folder is all it reads: nothing is fetched,
and no code of a model is run. It ends when its input does.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from typing import Any, BinaryIO

import torch
from diffusers import AutoPipelineForImage2Image, AutoPipelineForInpainting, AutoPipelineForText2Image
from PIL import Image

from generation.engines.atelier.frames import Header, packed, receive
from generation.engines.tether import die_with_parent

NICENESS = 10
PREVIEW_SIDE = 320
STRENGTH = 0.6
PREVIEWS = 3


class Painter:
    """A pipeline of a folder, and the same weights as pipelines for edits, made when they are first asked for."""

    def __init__(self, folder: str, device: str) -> None:
        dtype = torch.float16 if device.startswith("cuda") else torch.float32
        self._plain = AutoPipelineForText2Image.from_pretrained(folder, torch_dtype=dtype, local_files_only=True)
        self._plain.to(device)
        self._device = device

    def paint(self, told: dict[str, Any], body: bytes, out: BinaryIO) -> bytes:
        """Make one picture as PNG; stages go out on the way."""
        steps = int(told["steps"])
        asked: dict[str, Any] = {
            "prompt": told["prompt"],
            "num_inference_steps": steps,
            "guidance_scale": float(told["guidance"]),
            "generator": torch.Generator("cpu").manual_seed(int(told["seed"])),
        }
        if told.get("negative_prompt"):
            asked["negative_prompt"] = told["negative_prompt"]
        size, image_bytes = (int(told["width"]), int(told["height"])), int(told["image_bytes"])
        pipeline = self._plain
        if not image_bytes:
            asked |= {"width": size[0], "height": size[1]}
        else:
            asked["image"] = _fitted(body[:image_bytes], size)
            asked["strength"] = max(STRENGTH if told.get("strength") is None else float(told["strength"]), 1.01 / steps)
            steps = max(1, int(steps * asked["strength"]))
            if len(body) > image_bytes:
                # Ours is transparent where the picture may change; theirs is white there.
                seen = _fitted(body[image_bytes:], size, "RGBA").getchannel("A")
                asked["mask_image"] = seen.point(lambda alpha: 255 - alpha)
                asked |= {"width": size[0], "height": size[1]}
                pipeline = AutoPipelineForInpainting.from_pipe(self._plain)
            else:
                pipeline = AutoPipelineForImage2Image.from_pipe(self._plain)
        every = max(1, steps // (PREVIEWS + 1))

        def step_ended(pipe: Any, step: int, timestep: Any, kept: dict[str, Any]) -> dict[str, Any]:
            done = step + 1
            small = self._preview(pipe, kept["latents"]) if done % every == 0 and done < steps else b""
            out.write(packed({"kind": "stage", "share": min(1.0, done / (steps + 1))}, small))
            out.flush()
            return {}

        pipeline.set_progress_bar_config(disable=True)
        made = pipeline(**asked, callback_on_step_end=step_ended, callback_on_step_end_tensor_inputs=["latents"])
        kept = io.BytesIO()
        made.images[0].save(kept, "PNG")
        return kept.getvalue()

    def _preview(self, pipe: Any, latents: Any) -> bytes:
        """What the latents look like now, small, as WebP; nothing where a pipeline has no decoder of this kind."""
        vae = getattr(pipe, "vae", None)
        if vae is None or latents.ndim != 4 or latents.shape[1] != vae.config.latent_channels:
            return b""
        with torch.no_grad():
            pixels = vae.decode(latents[:1] / vae.config.scaling_factor, return_dict=False)[0]
        image = pipe.image_processor.postprocess(pixels, output_type="pil")[0]
        image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
        kept = io.BytesIO()
        image.save(kept, "WEBP", quality=70)
        return kept.getvalue()


def _fitted(data: bytes, size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")).convert(mode)
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)


def main(folder: str, device: str) -> None:
    """Serve until the input ends."""
    die_with_parent()
    os.nice(NICENESS)
    # What a library prints must not end up between the frames: the pipe gets a number of its own.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    painter = Painter(folder, device)
    out.write(packed({"kind": "ready"}))
    out.flush()
    while (frame := receive(sys.stdin.buffer)) is not None:
        answer: Header = {"kind": "done"}
        body = b""
        try:
            body = painter.paint(frame[0], frame[1], out)
        except BrokenPipeError:
            return
        except Exception as error:
            traceback.print_exc()
            answer = {"kind": "failed", "message": f"{type(error).__name__}: {error}"[:500]}
        out.write(packed(answer, body))
        out.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
