"""An issue that leaves: its figures as they change, the buttons that move it, copies in doubt."""
