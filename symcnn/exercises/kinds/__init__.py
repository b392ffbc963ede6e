"""The kinds of exercises: each draws numbers, and says what is asked and which mistakes can be made."""
