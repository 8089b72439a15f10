"""Somebody asks for the newsletter: noted at the door, answered later, so that the door knows nobody."""
