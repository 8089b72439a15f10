"""What the provider tells afterwards: stored as it came, then folded into copies and readers."""
