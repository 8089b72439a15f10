"""Links of a letter, tried before it leaves: with a time limit, and remembered."""
