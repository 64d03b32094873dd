"""The truth: one SQLite file, its migrations, and the lock that gives the data folder one owner."""
