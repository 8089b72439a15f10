"""The letter about a correction: to exactly those who got the wrong line, each of them once.

It is a letter to many, and goes by the notices' rows: the unique key, the correction, and the reader
decide that there is one for each, written down by one INSERT … SELECT. It leaves in batches, on the
newsletter's stream, under the same headers and links as an issue. Where it differs from a notice: what
was claimed by a process that then fell silent is not sent again. It may have left, and stays unknown.

``audience`` says who got the line, ``ordering`` writes the rows, ``writing`` makes the letter,
``claiming`` takes a batch and records it, ``sending`` is how they leave.
"""
