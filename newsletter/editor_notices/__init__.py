"""What editors are told on which occasion: the words of each notice, and the key it is told once for.

No row is read or written here; a mailroom writes them down and sends them.
"""
