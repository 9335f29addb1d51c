"""How well and how quickly search finds, measured on collections whose answers are known."""
