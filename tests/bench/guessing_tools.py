# SPDX-License-Identifier: ISC
"""The tools that guessers use, run against one user or, for nmap, against the names it has."""

import pathlib
import shutil
import subprocess
import tempfile

from guessing_site import USERS
from harness import find_program
from many_addresses import SERVER4

PASSWORDS = 200_000

TOOLS = {
    "hydra": "hydra -I -t 16 -l {user} -P {passwords} -s {port} {server} pop3",
    "medusa": "medusa -h {server} -n {port} -u {user} -P {passwords} -t 8 -M pop3",
    "nmap": "nmap -n -Pn -sT --unprivileged -p {port} -sV --script +pop3-brute "
            "--script-args unpwdb.timelimit=0,passdb={passwords} {server}",
}


def is_there(name):
    return find_program(name) is not None


class Tool:
    """A running tool. What connections it was refused only the tool knows."""

    refused = 0

    def __init__(self, name, port):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sodapop-bench-", dir="/tmp"))
        passwords = self.folder / "passwords"
        passwords.write_text("".join(f"wrong{number}\n" for number in range(PASSWORDS)))
        command = TOOLS[name].format(user=USERS[0], passwords=passwords, port=port, server=SERVER4)
        with open(self.folder / "output", "wb") as output:
            self.process = subprocess.Popen(command.split(), cwd=self.folder,
                                            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                            start_new_session=True)

    def end(self):
        """Ends the tool with all its processes."""
        try:
            if self.process.poll() is None:
                subprocess.run(["kill", "--", f"-{self.process.pid}"], check=False)
            self.process.wait()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
