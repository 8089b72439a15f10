"""Settling doubt by evidence: what the provider shows of a call whose answer was lost.

``rules`` decides, ``looking`` asks the provider, ``keeping`` and ``measuring`` write down what came of
it, ``reconciler`` is the pass that joins them, ``standing`` tells people where it stands.
"""
