"""The ways out: memory, outbox folder, SMTP, Postmark; all behind one protocol."""
