"""Preflight: is everything right with an issue, its readers, its links and its sender, right now?

Rules about the letter's own bytes are in ``rendering/checks``. Those here need the world: it is
gathered once, as a frozen ``Surroundings``, and every rule is a pure function over that.
"""
