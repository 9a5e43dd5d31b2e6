"""Disclosure control: what may be published about small groups, and the proof."""
