"""The audience is frozen, batches are claimed and sent, and every outcome is recorded."""
