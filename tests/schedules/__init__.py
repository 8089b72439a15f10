"""The tests of time; a package because its test processes import their own work from here."""
