"""Monday's letter before Monday: the bytes that would leave, as anybody would get them; nothing is sent."""
