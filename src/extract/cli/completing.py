"""What a shell needs to complete the command."""

from click.shell_completion import get_completion_class

from extract.cli.app import cli
from extract.cli.streams import say

SHELLS = ("bash", "zsh", "fish")
PROGRAM, ANSWERS = "extract", "_EXTRACT_COMPLETE"  # the environment variable by which the shell asks


def print_completion(shell: str) -> None:
    """Prints the script that a shell is to run when it starts."""
    made = get_completion_class(shell)
    assert made is not None
    say(made(cli, {}, PROGRAM, ANSWERS).source())
