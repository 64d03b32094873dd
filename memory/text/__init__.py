"""Words: cutting text of any script into tokens, reading them with a general lexicon, finding typed values.

Pure: text in, data out. The word lists are data files in `words/`, one a language; no algorithm knows a language.
"""
