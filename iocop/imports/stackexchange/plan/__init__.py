"""How the rows of a dump become what members do here: pure rules, one file a subject."""
