"""The letter before it leaves: the very bytes, as anybody gets them, and what is different."""
