"""Letters to single readers: each a module with its words' folder, its links and when it may leave."""
