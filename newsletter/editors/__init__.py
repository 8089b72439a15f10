"""Those who make the issue: who they are, how they get in, and what each of them did."""
