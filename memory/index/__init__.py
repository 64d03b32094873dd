"""Finding documents by words and by vectors. Rebuilt from the truth, written behind, never the only copy."""
