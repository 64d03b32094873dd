"""`python -m mobimem` is the `mobimem` command."""

from mobimem.cli import main

if __name__ == "__main__":
    main()
