"""Diffusers on a local model folder, as an engine."""
