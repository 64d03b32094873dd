"""Texts to vectors: the semantic encoder, its lexical stand-in, a remote one, and the choice between them.

Vectors rank candidates. No decision to act rests on a similarity alone.
"""
