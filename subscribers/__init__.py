"""The subscribers: address, consent, state, tokens; from the form to the goodbye."""
