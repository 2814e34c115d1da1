"""What the crash suite does while the power fails: days of work in short."""

import os
import random
import subprocess


class Step:
    """One `dits` command. `is_setup`: run, but not itself under test.

    `can_repeat`: doing it once more, after it was done, is no error.
    `keeps_files`: at no instant is a file neither there nor brought back by
    undo; or, where it is a list, none of these, which are in no commit.
    `undos`: how many may be needed, where it is several operations.
    `status`: of success, which for a merge may be 1: with conflicts.
    `obliterates`: of these paths no version is left afterwards.
    `clones`: the folder that becomes a clone, by the retry at the latest; FAR
    is a copy of the project elsewhere."""

    def __init__(self, *arguments, is_setup=False, can_repeat=True,
                 keeps_files=False, undos=1, status=0, obliterates=(),
                 clones=None):
        self.arguments = list(arguments)
        self.status = status
        self.is_setup = is_setup
        self.can_repeat = can_repeat
        self.keeps_files = keeps_files
        self.undos = undos
        self.obliterates = set(obliterates)
        self.clones = clones

    def __str__(self):
        return " ".join(self.arguments)


class Edit:
    """A change that the user makes to a file, between commands."""

    def __init__(self, path, size=None, seed=1, patch=None, text=None):
        self.path, self.size, self.seed, self.patch = path, size, seed, patch
        self.text = text

    def make(self, folder):
        full = os.path.join(folder, self.path)
        if self.patch is not None:
            with open(full, "r+b") as file:
                file.seek(self.patch)
                file.write(b"patched")
        elif self.text is not None:
            with open(full, "w", encoding="utf-8") as file:
                file.write(self.text)
        elif self.size is None:
            os.remove(full)
        else:
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "wb") as file:
                file.write(random.Random(self.seed).randbytes(self.size))


class GitHistory(Edit):
    """A git repository beside the files, with `count` commits on a branch."""

    def __init__(self, path, count):
        super().__init__(path)
        self.count = count

    def make(self, folder):
        full = os.path.join(folder, self.path)
        stream = b"feature done\n"
        for number in range(1, self.count + 1):
            stream += (b"%scommit refs/heads/cut\nmark :%d\n"
                       b"committer A <a@b> %d +0000\ndata 2\nm\n"
                       % (b"reset refs/heads/cut\n" if number == 1 else b"",
                          number, 1700000000 + number))
            if number > 1:
                stream += b"from :%d\n" % (number - 1)
            for name, size in ((b"big.mov", 90_000), (b"d/%d" % number, 300)):
                data = random.Random(number * size).randbytes(size)
                stream += (b"M 100644 inline %s\ndata %d\n" % (name, size) +
                           data + b"\n")
        for command in (["init", "-q", "--bare", "--template="],
                        ["fast-import", "--quiet", "--force"]):
            subprocess.run(["git", "--git-dir", full, *command], check=True,
                           input=stream + b"done\n")
        with open(os.path.join(full, "HEAD"), "w", encoding="ascii") as head:
            head.write("ref: refs/heads/cut\n")


def committed(message):
    """All that changed is in a commit."""
    return [Step("add", "-A", is_setup=True),
            Step("commit", "-m", message, is_setup=True)]


def begun(*edits):
    """A repository with a first commit."""
    return [Step("init", is_setup=True), *edits, *committed("first")]


FIRST_DAY = [
    Step("init"),
    Edit("clip.mov", 300_000, 1),
    Edit("notes/scene 1.txt", 2_000, 2),
    Step("add", "-A"),
    Step("commit", "-m", "first", can_repeat=False),
    Edit("clip.mov", patch=150_000),
    Edit("notes/scene 2.txt", 100, 3),
    Step("add", "-A"),
    Step("commit", "-m", "second", can_repeat=False),
    Step("tag", "take-2", can_repeat=False),
    Step("commit", "--amend", "-m", "second, better", can_repeat=False),
    Edit("clip.mov", patch=10_000),
    Step("commit", "-a", "-m", "third", can_repeat=False),
]

BRANCHES = [
    *begun(
        Edit("clip.mov", 200_000, 1),
        Edit("old.txt", 1_000, 2),
    ),
    Step("switch", "-c", "grade", can_repeat=False),
    Edit("clip.mov", patch=99_000),
    Step("mv", "old.txt", "new.txt", can_repeat=False),
    Step("commit", "-a", "-m", "graded", can_repeat=False),
    Step("switch", "main"),
    Step("switch", "grade"),
    Edit("clip.mov", patch=50),
    Step("restore", "clip.mov", keeps_files=True),
    Step("rm", "new.txt", can_repeat=False),
    Step("commit", "-m", "gone", can_repeat=False),
    Step("undo", can_repeat=False),
    Step("undo", can_repeat=False),
    Step("redo", can_repeat=False),
    Step("switch", "main"),
    Step("branch", "-D", "grade", can_repeat=False),
]

RESETS = [
    *begun(
        Edit("clip.mov", 200_000, 1),
        Edit("old.txt", 1_000, 2),
    ),
    Step("tag", "first", is_setup=True),
    Edit("clip.mov", patch=99_000),
    Edit("old.txt"),
    Edit("new.mov", 80_000, 3),
    *committed("second"),
    Step("tag", "second", is_setup=True),
    Edit("clip.mov", patch=50),
    Edit("old.txt", 70_000, 4),
    Step("reset", "--hard", "first", keeps_files=True),
    Step("undo", can_repeat=False),
    Step("reset", "--soft", "first"),
    Step("reset", "second"),
    Step("add", "clip.mov"),
    Step("reset", "clip.mov"),
    Step("reset", "--hard", "second"),
]

CLEANING = [
    Step("init", is_setup=True),
    *[item for number in range(6) for item in (
        Edit(f"shot {number}.mov", 60_000, number),
        *committed(f"shot {number}"),
    )],
    Edit("staged only.mov", 50_000, 77),
    Step("add", "-A", is_setup=True),
    Step("restore", "--staged", "staged only.mov", is_setup=True),
    Edit("staged only.mov"),
    Step("gc", "--prune=now"),
    Edit("shot 6.mov", 60_000, 6),
    Step("add", "-A"),
    Step("commit", "-m", "shot 6", can_repeat=False),
    Step("reflog", "expire", "--expire=now", "--all"),
    Step("reflog", "delete", "HEAD@{1}", can_repeat=False),
    Step("gc"),
]

TIDYING = [
    Step("init", is_setup=True),
    *[item for number in range(5) for item in (
        Edit(f"shot {number}.mov", 60_000, number),
        *committed(f"shot {number}"),
    )],
    Step("repack"),
    Edit("shot 6.mov", 3_000_000, 6),
    *committed("shot 6"),
    Step("repack", "--all", "--max-pack-size=1m"),
    Step("prune", "--expire=now"),
    Step("repack", "--all"),
    Step("verify"),
]

REGRETS = [
    *begun(
        Edit("secret.mov", 60_000, 1),
        Edit("clip.mov", 50_000, 2),
    ),
    Edit("secret.mov", 70_000, 3),
    *committed("second"),
    Step("obliterate", "--yes", "--reason=test", "secret.mov",
         can_repeat=False, obliterates=["secret.mov"]),
    Step("gc", "--prune=now"),
    Edit("clip.mov", patch=1_000),
    Step("commit", "-m", "third", "clip.mov", can_repeat=False),
]

LEFTOVERS = [
    *begun(Edit("clip.mov", 60_000, 1)),
    Edit("loose.mov", 400_000, 2),
    Edit("renders/a.mov", 90_000, 3),
    Edit("renders/deep/log.txt", 500, 4),
    Step("clean", "-f", keeps_files=True),
    Step("clean", "-f", "-d", keeps_files=True),
    Step("undo", can_repeat=False),
    Edit("later.txt", 2_000, 5),
    Step("clean", "-f", "-x", "renders", "later.txt", keeps_files=True,
         can_repeat=False),
    Step("undo", can_repeat=False),
]

ROWS = [
    *begun(
        Edit("clip.mov", 120_000, 1),
        Edit("cut.txt", 3_000, 2),
    ),
    Step("switch", "-c", "topic", is_setup=True),
    Edit("clip.mov", patch=60_000),
    Step("commit", "-a", "-m", "graded", is_setup=True),
    Edit("new.mov", 90_000, 3),
    *committed("a new shot"),
    Step("switch", "main", is_setup=True),
    Edit("cut.txt", 3_000, 4),
    Step("commit", "-a", "-m", "cut", is_setup=True),
    Step("cherry-pick", "topic", can_repeat=False),
    Step("revert", "HEAD", can_repeat=False),
    Step("switch", "topic"),
    Edit("clip.mov", patch=90_000),
    Step("rebase", "--autostash", "main", can_repeat=False,
         keeps_files=["clip.mov"], undos=3),
    Step("undo", can_repeat=False),
    Step("undo", can_repeat=False),
    Step("undo", can_repeat=False),
    Step("restore", "clip.mov", is_setup=True),
    Step("rebase", "main", can_repeat=False),
    Step("undo", can_repeat=False),
    Step("redo", can_repeat=False),
    Edit("clip.mov", patch=10),
    Edit("cut.txt", 2_000, 5),
    Step("add", "cut.txt"),
    Edit("loose.mov", 70_000, 6),
    Step("stash", "-u", can_repeat=False, keeps_files=True),
    Step("stash", "pop", can_repeat=False),
    Step("stash", can_repeat=False, keeps_files=True),
    Step("stash", "drop", can_repeat=False),
    Step("undo", can_repeat=False),
    Step("stash", "pop", "--index", can_repeat=False),
]


def notes(first, last):
    """Twenty lines, of which two are given."""
    return "".join(f"{line}\n" for line in [first, *range(18), last])


# Clean, with conflicts in a text and a clip, given up, resolved, committed.
MERGES = [
    *begun(
        Edit("clip.mov", 200_000, 1),
        Edit("notes.txt", text=notes("first", "last")),
        Edit("old.mov", 50_000, 2),
    ),
    Step("switch", "-c", "other", is_setup=True),
    Edit("clip.mov", patch=99_000),
    Edit("notes.txt", text=notes("first", "theirs")),
    Edit("new.mov", 60_000, 3),
    Edit("old.mov"),
    *committed("theirs"),
    Step("switch", "main", is_setup=True),
    Edit("notes.txt", text=notes("ours", "last")),
    Step("commit", "-a", "-m", "ours", is_setup=True),
    Step("merge", "other"),
    Step("undo", can_repeat=False),
    Edit("notes.txt", text=notes("ours", "ours")),
    Edit("clip.mov", patch=50_000),
    Step("commit", "-a", "-m", "ours, too", is_setup=True),
    Step("merge", "other", status=1, can_repeat=False),
    Edit("notes.txt", text=notes("both", "both")),
    Step("add", "clip.mov", "notes.txt", is_setup=True),
    Step("merge", "--continue", can_repeat=False),  # the copies go
    Step("undo", can_repeat=False),
    Step("undo", can_repeat=False, is_setup=True),
    Edit("clip.theirs.mov", patch=10),
    Step("merge", "--abort", can_repeat=False),
    Step("undo", can_repeat=False),
    Step("resolve", "--both", "clip.mov", can_repeat=False),
    Step("undo", can_repeat=False),
    Step("resolve", "--theirs", "clip.mov", can_repeat=False),
    Edit("notes.txt", text=notes("both", "both")),
    Step("add", "notes.txt"),
    Step("commit", "--no-edit", can_repeat=False),
    Step("undo", can_repeat=False),
]

IMPORTS = [
    Step("init", is_setup=True),
    GitHistory("source.git", 2),
    Step("import", "git", "source.git"),
    Step("undo", can_repeat=False),
    Step("import", "git", "source.git"),
    GitHistory("source.git", 4),
    Step("import", "git", "source.git"),
    Edit("big.mov", patch=50_000),
    Step("add", "big.mov"),
    GitHistory("source.git", 5),
    Step("import", "git", "--prefix", "theirs", "source.git"),
]

# Another repository, in a folder of this one, is where the bundles come from.
CARRYING = [
    Step("init", is_setup=True),
    Step("init", "studio", is_setup=True),
    Edit("studio/clip.mov", 200_000, 1),
    Edit("studio/notes.txt", 1_000, 2),
    Step("-C", "studio", "add", "-A", is_setup=True),
    Step("-C", "studio", "commit", "-m", "first", is_setup=True),
    Step("-C", "studio", "export", "bundle", "../first.bundle"),
    Edit("studio/clip.mov", patch=99_000),
    Edit("studio/new.mov", 80_000, 3),
    Step("-C", "studio", "add", "-A", is_setup=True),
    Step("-C", "studio", "commit", "-m", "second", is_setup=True),
    Step("-C", "studio", "export", "bundle", "../second.bundle", "main~1..main",
         is_setup=True),
    Step("import", "bundle", "first.bundle"),
    Step("import", "bundle", "second.bundle"),
    Step("undo", can_repeat=False),
    Step("import", "bundle", "second.bundle", "--prefix", "studio/"),
    Edit("studio/secret.mov", 70_000, 4),
    Step("-C", "studio", "add", "-A", is_setup=True),
    Step("-C", "studio", "commit", "-m", "third", is_setup=True),
    Step("-C", "studio", "obliterate", "-q", "--yes", "secret.mov",
         is_setup=True),
    Step("-C", "studio", "export", "bundle", "../third.bundle", "main~1..main"),
    Step("import", "bundle", "third.bundle", "--prefix", "studio/"),
    Edit("old/cut_v1.mov", 90_000, 11),
    Edit("old/cut_v2.mov", 90_000, 12),
    Edit("old/notes.txt", 700, 13),
    Step("import", "folder", "old", can_repeat=False),
    Step("import", "folder", "old", "--force", "--by", "time"),
]

# Repositories in folders of this one are where things come from, and go to.
TEAM = [
    Step("init", is_setup=True),
    Step("init", "studio", is_setup=True),
    Edit("studio/clip.mov", 150_000, 1),
    Edit("studio/notes.txt", 1_000, 2),
    Step("-C", "studio", "add", "-A", is_setup=True),
    Step("-C", "studio", "commit", "-m", "first", is_setup=True),
    Step("-C", "studio", "tag", "-m", "one", "v1", is_setup=True),
    Step("remote", "add", "studio", "studio", can_repeat=False),
    Step("fetch"),
    Step("switch", "-c", "mine", "studio/main", can_repeat=False),
    Edit("studio/clip.mov", patch=99_000),
    Step("-C", "studio", "add", "-A", is_setup=True),
    Step("-C", "studio", "commit", "-m", "second", is_setup=True),
    Step("-C", "studio", "branch", "side", is_setup=True),
    Step("fetch", "--tags"),
    Step("undo", can_repeat=False),
    Step("fetch", "studio", "main:copy"),
    Step("-C", "studio", "branch", "-D", "side", is_setup=True),
    Step("fetch", "--prune"),
    Step("-C", "studio", "push", "..", "main:incoming", "v1"),
    Edit("studio/new.mov", 80_000, 3),
    Step("-C", "studio", "add", "-A", is_setup=True),
    Step("-C", "studio", "commit", "-m", "third", is_setup=True),
    Step("-C", "studio", "push", "--atomic", "..", "main:incoming",
         "main:more"),
    Step("undo", can_repeat=False),
    Step("init", "--bare", "hub", is_setup=True),
    Step("push", "hub", "mine:main"),
    Step("pull", "studio", "main", undos=2),
    Step("remote", "rename", "studio", "far", can_repeat=False),
    Step("gc", "--prune=now"),
]

# Folders in this one become what it is.
CLONES = [
    Step("init", is_setup=True),
    Edit("clip.mov", 150_000, 1),
    Edit("notes.txt", 1_000, 2),
    Step("add", "-A", is_setup=True),
    Step("commit", "-m", "first", is_setup=True),
    Step("tag", "-m", "one", "v1", is_setup=True),
    Step("clone", "FAR", "copy", can_repeat=False, clones="copy"),
    Step("clone", "--bare", "FAR", "hub", can_repeat=False, clones="hub"),
    Step("clone", "-n", "FAR", "third", can_repeat=False, clones="third"),
]

# History comes in parts, from bundles and from git, until it is whole.
SHALLOW = [
    Step("init", is_setup=True),
    Step("init", "studio", is_setup=True),
    *[item for number in range(5) for item in (
        Edit("studio/clip.mov", 60_000, number),
        Edit(f"studio/{number}.txt", 300, number),
        Step("-C", "studio", "add", "-A", is_setup=True),
        Step("-C", "studio", "commit", "-m", f"cut {number}", is_setup=True),
    )],
    Step("-C", "studio", "export", "bundle", "--depth", "1", "../near.bundle"),
    Step("-C", "studio", "export", "bundle", "--depth", "3", "../more.bundle",
         is_setup=True),
    Step("-C", "studio", "export", "bundle", "../whole.bundle", is_setup=True),
    Step("import", "bundle", "near.bundle"),
    Step("import", "bundle", "more.bundle"),
    Step("import", "bundle", "near.bundle"),
    Step("undo", can_repeat=False),
    Step("redo", can_repeat=False),
    Step("import", "bundle", "whole.bundle"),
    Step("gc", "--prune=now"),
    GitHistory("source.git", 6),
    Step("import", "git", "--prefix", "theirs", "--depth", "1", "source.git"),
    Step("import", "git", "--prefix", "theirs", "--depth", "3", "source.git"),
    Step("import", "git", "--prefix", "theirs", "source.git"),
]

# Enough packs that small ones are merged on the way.
MANY_COMMITS = [
    Step("init", is_setup=True),
    *[item for number in range(24) for item in (
        Edit("reel.txt", 3_000, number),
        Step("add", "-A", is_setup=number < 12),
        Step("commit", "-m", f"reel {number}", can_repeat=False,
             is_setup=number < 12),
    )],
]

QUESTIONS = [
    *begun(Edit("clip.mov", 60_000, 1)),
    Step("notes", "add", "-f", "-m", "approved"),
    Step("notes", "append", "-m", "with music", can_repeat=False),
    Step("undo", can_repeat=False),
    Step("notes", "remove", "--ignore-missing"),
    Step("undo", can_repeat=False),
    Edit("clip.mov", patch=20_000),
    Step("commit", "-a", "-m", "second", is_setup=True),
    Edit("clip.mov", patch=30_000),
    Step("commit", "-a", "-m", "third", is_setup=True),
    Step("bisect", "start", "main", "main~2"),
    Step("bisect", "good", can_repeat=False),
    Step("undo", can_repeat=False),
    Step("gc", "--prune=now"),
    Step("bisect", "reset"),
]

PARTIAL = [
    *begun(
        Edit("clip.mov", 120_000, 1),
        Edit("day 1/a.mov", 60_000, 2),
        Edit("day 2/b.mov", 60_000, 3),
    ),
    Step("sparse", "set", "day 1"),
    Edit("day 1/a.mov", patch=77),
    Step("sparse", "set", "--no-cone", "*.mov", "!/day 1/"),
    Step("undo", can_repeat=False),
    Step("sparse", "disable"),
    Step("drop", "clip.mov", "day 2"),
    Step("get", "day 2"),
    Step("undo", can_repeat=False),
    Edit("clip.mov", 90_000, 9),
    Step("drop", "-f", "clip.mov"),
    Step("get", "."),
]

# Tiers in the folder that is recorded; their path from its top, for the states
# of the disk are made elsewhere.
TIERS = [
    *begun(
        Edit("clip.mov", 200_000, 1),
        Edit("notes.txt", 2_000, 2),
    ),
    Step("tier", "add", "cold", ".dits/cold", can_repeat=False),
    Step("config", "tier.cold.path", ".dits/cold", is_setup=True),
    Step("config", "tier.cold.minSize", "1", is_setup=True),
    Step("config", "tier.lease", "0", is_setup=True),
    Step("tier", "move", "cold", "--all"),
    Step("tier", "recall", "clip.mov"),
    Edit("clip.mov", patch=90_000),
    Step("commit", "-a", "-m", "second", can_repeat=False),
    Step("config", "tier.cold.age", "now", is_setup=True),
    Step("config", "tier.cold.unused", "now", is_setup=True),
    Step("tier", "run"),
    Step("config", "tier.cold.recall", "true", is_setup=True),
    Step("cat", "HEAD~1:clip.mov"),
    Step("tier", "move", "cold", "--all"),
    Step("obliterate", "-q", "--yes", "notes.txt", obliterates=["notes.txt"]),
    Step("tier", "remove", "--recall", "cold", can_repeat=False),
]

BESIDE = [
    *begun(
        Edit("clip.mov", 120_000, 1),
        Edit("notes/a.txt", 900, 2),
    ),
    Step("worktree", "add", "-q", "../cut", can_repeat=False),
    Edit("../cut/clip.mov", patch=70_000),
    Step("-C", "../cut", "commit", "-qam", "cut", can_repeat=False),
    Edit("notes/a.txt", 700, 3),
    Step("commit", "-qam", "second", can_repeat=False),
    Step("gc", "-q", "--prune=now"),
    Edit("../cut/clip.mov", patch=90_000),
    Edit("../cut/new.mov", 50_000, 4),
    Step("worktree", "remove", "-f", "../cut", can_repeat=False),
    Step("undo", can_repeat=False),
    Step("-C", "../cut", "undo", can_repeat=False),
    Step("worktree", "lock", "cut", can_repeat=False),
    Step("worktree", "unlock", "cut", can_repeat=False),
    Step("worktree", "move", "cut", "../cut-2", can_repeat=False),
    Step("branch", "-m", "cut", "trimmed", can_repeat=False),
    Step("merge", "-q", "trimmed", is_setup=True),
]

# What is known of folders is written by a command that changes nothing.
REMEMBERING = [
    *begun(Edit("clip.mov", 60_000, 1), Edit("cuts/a.mov", 3_000, 2)),
    Step("config", "status.untrackedCache", "true", is_setup=True),
    Edit("cuts/b.mov", 2_000, 3),
    Step("status"),
    Edit("cuts/old/c.mov", 2_000, 4),
    Step("status", "-uall"),
    Step("add", "-A"),
    Step("status"),
    Step("commit", "-m", "second", can_repeat=False),
]

STORIES = {
    "first day": FIRST_DAY,
    "branches": BRANCHES,
    "resets": RESETS,
    "cleaning": CLEANING,
    "tidying": TIDYING,
    "regrets": REGRETS,
    "leftovers": LEFTOVERS,
    "rows": ROWS,
    "merges": MERGES,
    "imports": IMPORTS,
    "carrying": CARRYING,
    "team": TEAM,
    "clones": CLONES,
    "shallow": SHALLOW,
    "many commits": MANY_COMMITS,
    "questions": QUESTIONS,
    "partial": PARTIAL,
    "tiers": TIERS,
    "beside": BESIDE,
    "remembering": REMEMBERING,
}
