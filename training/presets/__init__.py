"""Presets: one file each, opening with its command, its duration and its measured score."""
