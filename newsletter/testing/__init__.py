"""Stand-ins for the outside world that ship with the product: real protocols, no real mail."""
