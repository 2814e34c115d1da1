"""What must hold of a repository after a power cut, a fault or a kill."""

import hashlib
import json
import os


def sha(data):
    return hashlib.sha256(data).hexdigest()


def files_of(folder):
    """{path: hash} of the work tree."""
    found = {}
    for parent, folders, names in os.walk(folder):
        if ".dits" in folders:
            folders.remove(".dits")
        for name in names:
            path = os.path.join(parent, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = sha(file.read())
    return found


class Wrong(Exception):
    """A promise that is not kept."""


def must(program, folder, *arguments):
    """Run `dits ARGUMENTS`, which must succeed; its output."""
    done = program.run(arguments, folder)
    if done.returncode != 0:
        text = (done.stderr + done.stdout).decode(errors="replace").strip()
        raise Wrong(f"dits {' '.join(arguments)}: "
                    f"status {done.returncode}: {text[:600]}")
    return done.stdout


def head_of(program, folder):
    """The id of the newest commit; None before the first one."""
    done = program.run(["log", "-n", "1", "--json"], folder)
    if done.returncode != 0 or not done.stdout.strip():
        return None
    return json.loads(done.stdout.splitlines()[0])["id"]


class Expectation:
    """`commits`: {id: {path: hash}} that were acknowledged; `heads`: what
    HEAD may be; `may_be_absent`: init was not yet acknowledged; `gone`: paths
    that were obliterated, `may_be_gone`: that perhaps were."""

    def __init__(self, commits, heads, may_be_absent, gone=(), may_be_gone=()):
        self.gone, self.may_be_gone = set(gone), set(may_be_gone)
        self.commits = dict(commits)
        self.heads = set(heads)
        self.may_be_absent = may_be_absent


def is_gone(program, folder, name):
    """Whether reading it is refused because it was obliterated."""
    done = program.run(["cat", name], folder)
    return done.returncode == 1 and b"obliterated on" in done.stderr


def check_kept(program, folder, expectation):
    """It opens, is whole, and has all that was acknowledged."""
    if expectation.may_be_absent:
        must(program, folder, "init")
    must(program, folder, "fsck", "--full")
    head = head_of(program, folder)
    if head not in expectation.heads:
        raise Wrong(f"HEAD is {head}, not one of {expectation.heads}")
    must(program, folder, "status")
    if expectation.may_be_gone:
        must(program, folder, "obliterate", "--continue")
    for commit, files in expectation.commits.items():
        for path, wanted in files.items():
            name = f"{commit}:{path}"
            if path in expectation.gone:
                if not is_gone(program, folder, name):
                    raise Wrong(f"'{name}' is not obliterated")
                continue
            if path in expectation.may_be_gone and is_gone(program, folder,
                                                           name):
                continue
            content = must(program, folder, "cat", name)
            if sha(content) != wanted:
                raise Wrong(f"'{path}' of {commit} has other bytes")
    return head


def check_files(program, folder, files, undos):
    """Each of {path: hash} is there, or `dits undo` brings it back."""
    found = files_of(folder)
    for _ in range(undos):
        if files.items() <= found.items():
            return
        must(program, folder, "undo")
        found = files_of(folder)
    for path, wanted in files.items():
        if found.get(path) != wanted:
            raise Wrong(f"'{path}' is lost")


def check_clone(program, folder, head):
    """It is whole, and has what the other side has."""
    if os.path.exists(os.path.join(folder, ".dits", "clone")):
        raise Wrong(f"'{folder}' is still to become a clone")
    must(program, folder, "fsck", "--full")
    if head_of(program, folder) != head:
        raise Wrong(f"HEAD of '{folder}' is another one")


def check_next(program, folder):
    """The next operation works."""
    content = b"what came next\n" * 40
    with open(os.path.join(folder, "next.txt"), "wb") as file:
        file.write(content)
    must(program, folder, "add", "next.txt")
    program.run(["resolve", "--ours", "--all"], folder)  # if there is any
    must(program, folder, "commit", "-m", "next")
    if must(program, folder, "cat", "HEAD:next.txt") != content:
        raise Wrong("the next commit has other bytes")
    must(program, folder, "fsck")
