"""Single letters, to editors and to readers: written down once as rows, sent by the same transports.

A notice has a key, and a key is told once to each recipient, however many processes notice the
same thing at the same time. Sending is the other way round than for issues: a process that dies
in the middle leaves a lease that ends, and the notice is sent again. To get one twice does nobody
harm; to get none does.

A notice to editors has its words in its row. A letter to a reader has not: its row names the reader
by their public id, and it is written when it leaves, so that neither an address nor a token waits
in a row, and a "no" that came meanwhile wins. A link in a notice is signed when it leaves, too, and so
is the one by which an editor signs in: its row holds a keyed hash of what was typed, anybody's.

``letters`` says what kinds there are and who writes them, ``rows`` are what waits, ``sending`` is
how they leave.
"""
