"""The phone's shell: `run` executes what `adb shell` sends.

syntax <- tokenizer <- parser          the language
streams, phone <- call <- commands/*   what a command is, and all of them
expansion, interpreter <- session      running them
"""

from device.virtual.shell.session import run
from device.virtual.shell.streams import ShellIO

__all__ = ["ShellIO", "run"]
