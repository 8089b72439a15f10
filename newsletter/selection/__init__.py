"""This week's comparisons are chosen, each choice and each refusal with its reason."""
