"""How the learnt parts of the reader are made: `make train` writes weights and report from a corpus of pages with known truth."""
