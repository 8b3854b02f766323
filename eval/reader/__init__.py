"""Training of the reader: the tables and weights in `assistant/data/` are made here."""
