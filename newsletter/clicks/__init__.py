"""Clicks on match-ups, where an operator wants them counted: by link, and never by reader."""
