"""The choice is frozen as a numbered issue with a declared life."""
