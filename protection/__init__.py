"""Disclosure control: what may be published of counts and amounts, and the attacker who tries it.

Pure functions of numbers: no database, no files. `docs/disclosure.md` explains the rules.
"""
