"""What editors are told on which occasion: the words of each notice, and the key it is told once for.

An occasion reads and writes no row; a mailroom writes it down and sends it. ``untold`` reads of what
editors were to be told and were not.
"""
