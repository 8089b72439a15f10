"""Sample comparisons of invented tools, written for this project, that fill the demo."""
