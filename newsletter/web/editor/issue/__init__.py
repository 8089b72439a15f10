"""The issues, and one of them: where it stands, what preflight found, an editor's word about it."""
