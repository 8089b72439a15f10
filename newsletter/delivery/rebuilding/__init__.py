"""Rebuilding the books of an issue from what its provider remembers, after a backup was put back.

``owing`` says which issue needs it, ``entering`` writes copies into the books, ``rebuilt`` says what
came of it, ``rebuilder`` is the pass that joins them.
"""
