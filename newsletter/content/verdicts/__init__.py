"""What a comparison comes to: a rule on numbers, two sentences, and quotes the source says."""
