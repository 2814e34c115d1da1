"""Status of very many files, beside git."""
import os
import resource
import subprocess
import time
from typing import NamedTuple

FOLDERS, FILES = 1000, 1000
QUICK_FOLDERS = 20


class Figures(NamedTuple):
    seconds: float
    processors: float  # seconds of all together; None: not known


def make_tree(folder, folders):
    """Most files in folders of the top, a tenth of them deeper."""
    for number in range(folders):
        name = f"d{number:04d}"
        if number % 10 == 0:
            name = os.path.join("deep", f"a{number % 7}", f"b{number % 3}",
                                name)
        path = os.path.join(folder, name)
        os.makedirs(path)
        at = os.open(path, os.O_RDONLY)
        for i in range(FILES):
            file = os.open(f"file{i:04d}.txt", os.O_WRONLY | os.O_CREAT,
                           0o644, dir_fd=at)
            os.write(file, b"%d %d\n" % (number, i))
            os.close(file)
        os.close(at)


class Trial:
    """One tree, known to dits and to git side by side."""

    def __init__(self, scratch, folders):
        self.tree = os.path.join(scratch, "tree")
        self.environment = dict(
            os.environ, GIT_DIR=os.path.join(scratch, "tree.git"),
            GIT_WORK_TREE=self.tree, GIT_OPTIONAL_LOCKS="0",
            DITS_COMMITTER_NAME="Bench", DITS_COMMITTER_EMAIL="b@example.com",
            GIT_AUTHOR_NAME="Bench", GIT_AUTHOR_EMAIL="b@example.com",
            GIT_COMMITTER_NAME="Bench", GIT_COMMITTER_EMAIL="b@example.com")
        self.without = os.path.join(scratch, "without")  # XDG_CONFIG_HOME
        os.makedirs(self.tree)
        os.makedirs(os.path.join(self.without, "dits"))
        with open(os.path.join(self.without, "dits/config"), "w",
                  encoding="utf-8") as out:
            out.write("[status]\n\tuntrackedCache = false\n")
        make_tree(self.tree, folders)

    def run(self, *command):
        done = subprocess.run(command, cwd=self.tree, env=self.environment,
                              stdout=subprocess.PIPE, check=True)
        return done.stdout

    def figures(self, command):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.monotonic()
        self.run(*command)
        seconds = time.monotonic() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return Figures(seconds, after.ru_utime + after.ru_stime -
                       before.ru_utime - before.ru_stime)

    def commit(self):
        self.run("git", "init", "-q")
        with open(os.path.join(self.environment["GIT_DIR"], "info/exclude"),
                  "w", encoding="utf-8") as out:
            out.write(".dits\n")
        self.run("git", "config", "core.fsync", "none")
        self.run("git", "config", "core.looseCompression", "0")
        self.run("git", "add", "-A")
        self.run("git", "commit", "-qm", "one")
        self.run("git", "update-index", "--untracked-cache")
        self.run("dits", "init", "-q", ".")
        self.run("dits", "add", "-A")
        self.run("dits", "commit", "-qm", "one")

    def remember(self):
        """Let both fill their caches; git does where it may lock."""
        time.sleep(2)  # it trusts no folder as new as its index
        self.run(*DITS)
        for _ in range(2):
            self.run("env", "GIT_OPTIONAL_LOCKS=1", *GIT_CACHED)

    def change(self, name):
        with open(os.path.join(self.tree, name), "a", encoding="utf-8") as out:
            out.write("changed\n")


GIT = ["git", "-c", "core.preloadIndex=true"]
GIT_CACHED = GIT + ["-c", "core.untrackedCache=true", "status", "--porcelain"]
DITS = ["dits", "status", "-s"]


def commands_of(trial):
    return {
        "git, index preloaded": GIT + ["-c", "core.untrackedCache=false",
                                       "status", "--porcelain"],
        "git, untracked cache": GIT_CACHED,
        "dits, all folders listed": ["env", f"XDG_CONFIG_HOME={trial.without}",
                                     *DITS],
        "dits": DITS,
    }


def alternate(trial, commands, rounds):
    """The least of several runs of each, one after the other: the machine may
    have something else to do."""
    best = {}
    for _ in range(rounds):
        for name, command in commands.items():
            figures = trial.figures(command)
            best[name] = Figures(*map(min, figures, best.get(name, figures)))
    return best


def limit(trial, rounds):
    least = min(float(trial.run("stat_bench", ".", "2").split()[0])
                for _ in range(rounds))
    return Figures(least, None)


def measure(scratch, quick):
    """Figures of each, by name."""
    folders = QUICK_FOLDERS if quick else FOLDERS
    rounds = 2 if quick else 7
    trial = Trial(scratch, folders)
    trial.commit()
    trial.remember()
    found = alternate(trial, commands_of(trial), rounds)
    found["lstat, 2 threads"] = limit(trial, rounds)
    trial.run("dits", "watcher", "start")
    try:
        trial.run(*DITS)
        found |= alternate(trial, {"dits, watcher": DITS}, rounds)
        trial.change("d0001/file0002.txt")
        found |= alternate(trial, {"dits, watcher, one file changed": DITS},
                           rounds)
    finally:
        trial.run("dits", "watcher", "stop")
    return found, folders * FILES
