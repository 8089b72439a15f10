"""What was read is kept: one row a tool, one a pair of slugs; merged, never erased."""
