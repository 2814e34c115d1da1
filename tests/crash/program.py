"""Running the real `dits` on a repository, recorded or not."""

import os
import shutil
import subprocess
import tempfile

SECONDS = 60


def scratch_folder():
    """A folder in memory where there is one: thousands of states pass here."""
    memory = "/dev/shm"
    usable = os.access(memory, os.W_OK)
    return os.path.realpath(
        tempfile.mkdtemp(prefix="dits-crash-", dir=memory if usable else None))


class Program:
    def __init__(self, dits, recorder, home):
        self.dits, self.recorder = dits, recorder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            "DITS_COMMITTER_NAME": "Test Editor",
            "DITS_COMMITTER_EMAIL": "editor@example.com",
            "DITS_DATE": "@1700000000",
        }

    def run(self, arguments, folder, **more):
        """Run `dits ARGUMENTS`, or ["!", COMMAND...], in `folder`."""
        command = [self.dits, *arguments]
        if arguments[0] == "!":
            command = arguments[1:]
        return subprocess.run(command, cwd=folder, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=SECONDS,
                              close_fds=False, check=False,
                              env={**self.environment, **more})

    def run_recorded(self, arguments, folder, log, **more):
        root = os.path.dirname(folder)
        return self.run(arguments, folder, LD_PRELOAD=self.recorder,
                        DITS_CRASH_ROOT=root, DITS_CRASH_LOG=log, **more)

    def start(self, arguments, folder):
        return subprocess.Popen([self.dits, *arguments], cwd=folder,
                                stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL,
                                env=self.environment)


def mend_links(tool, root, place):
    """Linked work trees lead to the copy in `place`, no more to `root`."""
    for name in os.listdir(place):
        link = os.path.join(place, name, ".dits")
        if not os.path.isfile(link):
            continue
        with open(link, encoding="utf-8") as file:
            text = file.read()
        with open(link, "w", encoding="utf-8") as file:
            file.write(text.replace(root + "/", place + "/"))
        tool.run(["worktree", "repair", os.path.join("..", name)],
                 os.path.join(place, "project"))


def copy_tree(source, target):
    if os.path.exists(target):
        shutil.rmtree(target)
    shutil.copytree(source, target, symlinks=True)
