"""`python -m extract` is the command `extract`."""

from extract.cli.commands import main

if __name__ == "__main__":
    main()
