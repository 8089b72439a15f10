"""What turned out to be wrong in an issue that has left."""
