"""What a mail to us means: leaving, or nothing that a program should answer."""
