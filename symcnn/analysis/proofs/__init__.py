"""What can be proved of a formula by its form: its smooth law and bounds, which way it goes, where it is 0."""
