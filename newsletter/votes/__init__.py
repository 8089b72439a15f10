"""What readers answer: one vote for each reader and match-up, counted when the issue closes."""
