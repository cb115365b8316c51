"""ComfyUI as an engine."""
