"""How a repository looks: the same facts of git's and of Dits', as lines.

What is compared: files of the work tree, what `status` says, what is staged,
the stages of conflicts, branches, tags, HEAD, every commit that they reach with
its files, and the list of stashes. Ids differ, so that no fact contains one.
"""
import datetime
import hashlib
import json
import os
import re
import stat
import subprocess
import threading

MARKS = re.compile(rb"^(<<<<<<<|\|\|\|\|\|\|\||>>>>>>>)( .*)$", re.M)
ID = re.compile(rb"\b[0-9a-f]{7,64}\b")
STAGES = {"base": "1", "ours": "2", "theirs": "3"}


def exit_class(vcs, status):
    """git has 128 for what it cannot do, 129 for how it was asked."""
    if status == 0:
        return "ok"
    failed, usage = ({1, 2, 128}, 129) if vcs == "git" else ({1}, 2)
    if status in failed:
        return "failed"
    return "usage" if status == usage else f"status {status}"


def content(data):
    """Short, the same for the same bytes, and readable where that is short."""
    data = MARKS.sub(lambda mark: mark[1] + ID.sub(b"ID", mark[2]), data)
    if len(data) <= 200:
        try:
            return repr(data.decode())
        except UnicodeDecodeError:
            pass
    return f"{len(data)} bytes {hashlib.sha256(data).hexdigest()[:12]}"


def says(text):
    """What was printed; ids differ, and spaces at ends mean nothing."""
    text = re.sub(r"^index .*$", "index", without_ids(text), flags=re.M)
    text = re.sub(r"^(stash@.*: )[0-9a-f]{7} ", r"\1ID ", text, flags=re.M)
    return {f"says {number:3} {row.rstrip()}"
            for number, row in enumerate(text.splitlines())}


def without_ids(text):
    return re.sub(r"\b([0-9a-f]{40}|[0-9a-f]{64})\b", "ID", text)


def named(path, vcs):
    """.gitignore and .ditsignore are the same file here."""
    return re.sub(rf"(^|/)\.{vcs}ignore$", r"\1.ignore", path)


def line(*words):
    return " ".join(words)


class Look:
    """What both have in common. Contents are kept by id: they cannot change."""

    def __init__(self, vcs, program, work, environment):
        self.vcs = vcs
        self.program = str(program)
        self.work = work
        self.environment = environment
        self.trees = {}

    def ask(self, *arguments, given=b"", fails=False):
        done = subprocess.run(
            [self.program, *arguments], cwd=self.top(), input=given,
            env=self.environment, capture_output=True, check=False)
        if done.returncode != 0 and not fails:
            raise RuntimeError(f"{self.vcs} {' '.join(arguments)}: "
                               f"{done.stderr.decode(errors='replace')}")
        return done.stdout if done.returncode == 0 else b""

    def top(self):
        return self.work

    def name(self, path):
        return named(path, self.vcs)

    def facts(self):
        if not (self.work / f".{self.vcs}").is_dir():
            return set(self.files())
        found = set(self.files())
        found.update(self.status())
        found.update(self.staged())
        found.update(self.history())
        return found

    def files(self):
        for folder, folders, files in os.walk(self.work):
            relative = os.path.relpath(folder, self.work)
            if relative == ".":
                relative = ""
            if f".{self.vcs}" in folders:
                folders.remove(f".{self.vcs}")
            links = [name for name in folders
                     if os.path.islink(os.path.join(folder, name))]
            if relative and not folders and not files:
                yield line("empty folder", self.name(relative))
            for name in sorted(files + links):
                path = os.path.join(relative, name)
                yield self.one_file(path, os.path.join(folder, name))

    def one_file(self, path, real):
        info = os.lstat(real)
        if stat.S_ISLNK(info.st_mode):
            return line("file", self.name(path), "l", repr(os.readlink(real)))
        if not stat.S_ISREG(info.st_mode):
            return line("file", self.name(path), "other")
        kind = "x" if info.st_mode & 0o100 else "f"
        with open(real, "rb") as file:
            return line("file", self.name(path), kind, content(file.read()))

    def status(self):
        said = self.ask("status", "--porcelain", "-z").decode().split("\0")
        while len(said) > 1:
            entry = said.pop(0)
            text = entry[:3] + self.name(entry[3:])
            if entry[0] in "RC":
                text += " from " + self.name(said.pop(0))
            yield line("status", text)

    def history(self):
        """Branches, tags, HEAD, and each commit once, by its subject."""
        refs = dict(self.refs())
        commits = self.commits(sorted(set(refs.values())))
        for ref, commit in refs.items():
            subject = commits[commit]["message"].split("\n")[0]
            yield line(ref, "at", repr(subject))
        for commit, fields in commits.items():
            before = [commits[parent]["message"].split("\n")[0]
                      for parent in fields["parents"]]
            message = without_ids(fields["message"].rstrip("\n"))
            yield line("commit", repr(message),
                       "by", fields["author"], "on", repr(before), "has",
                       self.tree(commit))
        yield from self.stashes()

    def tree(self, commit):
        """The names in it, and a sum of their kinds and contents."""
        if commit not in self.trees:
            files = sorted(self.files_of(commit))
            names = " ".join(name for name, _ in files)
            total = hashlib.sha256(repr(files).encode()).hexdigest()[:8]
            self.trees[commit] = f"{names or 'nothing'} ({total})"
        return self.trees[commit]


class GitLook(Look):
    KINDS = {"100644": "f", "100755": "x", "120000": "l"}
    known = {}
    lock = threading.Lock()

    def blobs(self, ids):
        """The content of each id, asked for once."""
        missing = sorted({blob for blob in ids if blob not in self.known})
        if missing:
            said = self.ask("cat-file", "--batch",
                            given="".join(f"{i}\n" for i in missing).encode())
            for blob in missing:
                head, said = said.split(b"\n", 1)
                size = int(head.split()[2])
                self.known[blob] = content(said[:size])
                said = said[size + 1:]
        return self.known

    def staged(self):
        entries = []
        for entry in self.ask("ls-files", "-s", "-z").decode().split("\0")[:-1]:
            head, path = entry.split("\t", 1)
            entries.append((*head.split(), path))
        known = self.blobs(entry[1] for entry in entries)
        for mode, blob, stage, path in entries:
            what = "staged" if stage == "0" else f"stage {stage}"
            yield line(what, self.name(path), self.KINDS[mode], known[blob])

    def files_of(self, commit):
        entries = []
        said = self.ask("ls-tree", "-r", "-z", commit).decode().split("\0")[:-1]
        for entry in said:
            head, path = entry.split("\t", 1)
            mode, _, blob = head.split()
            entries.append((mode, blob, path))
        known = self.blobs(entry[1] for entry in entries)
        for mode, blob, path in entries:
            yield self.name(path), line(self.KINDS[mode], known[blob])

    def refs(self):
        said = self.ask("for-each-ref", "--format=%(refname) %(objecttype) "
                        "%(objectname) %(*objectname) %(contents:subject)",
                        "refs/heads", "refs/tags").decode()
        for entry in said.splitlines():
            ref, kind, oid, rest = entry.split(" ", 3)
            target, message = rest.split(" ", 1)
            _, group, name = ref.split("/", 2)
            if group == "heads":
                yield line("branch", name), oid
            elif kind == "tag":
                yield line("tag", name, "with", repr(message)), target
            else:
                yield line("tag", name), oid
        branch = self.ask("symbolic-ref", "-q", "HEAD", fails=True).decode()
        branch = branch.strip().removeprefix("refs/heads/") or "(detached)"
        oid = self.ask("rev-parse", "-q", "--verify", "HEAD",
                       fails=True).decode().strip()
        if oid:
            yield line("HEAD", branch), oid

    def commits(self, starts):
        found = {}
        if not starts:
            return found
        said = self.ask("log", "-z", "--format=%H%n%P%n%an <%ae> %at%n%B",
                        *starts, "--").decode()
        for entry in said.split("\0")[:-1]:
            commit, parents, author, message = entry.split("\n", 3)
            found[commit] = {"parents": parents.split(), "author": author,
                             "message": message}
        return found

    def stashes(self):
        said = self.ask("stash", "list", "--format=%gd %gs").decode()
        for entry in said.splitlines():
            yield line("stash", ID.sub(b"ID", entry.encode()).decode())


class DitsLook(Look):
    known = {}
    has_stash = None

    def rows(self, *arguments, fails=False):
        said = self.ask(*arguments, fails=fails).decode()
        return [json.loads(row) for row in said.splitlines()]

    def file_of(self, revision, row):
        """The line of a row of `dits ls`."""
        key = row["content"] + str(row["size"])
        if key not in self.known:
            self.known[key] = content(
                self.ask("cat", f"{revision}:{row['path']}"))
        return line(row["mode"], self.known[key])

    def staged(self):
        conflicts = set()
        work = "refs/unfinished/work"
        for row in self.rows("ls", "-r", "--json", work, fails=True):
            folder, path = row["path"].split("/", 1)
            if folder in STAGES:
                conflicts.add(path)
                yield line(f"stage {STAGES[folder]}", self.name(path),
                           self.file_of(work, row))
        for row in self.rows("ls", "--staged", "-r", "--json"):
            if row["path"] not in conflicts:
                yield line("staged", self.name(row["path"]),
                           self.file_of("", row))

    def files_of(self, commit):
        for row in self.rows("ls", "-r", "--json", commit):
            yield self.name(row["path"]), self.file_of(commit, row)

    def refs(self):
        head = "(detached)"
        for row in self.rows("branch", "--json"):
            yield line("branch", row["name"]), row["commit"]
            if row["is_current"]:
                head = row["name"]
        for row in self.rows("tag", "--json"):
            text = line("tag", row["name"])
            if row.get("tag"):
                message = row["message"].split("\n")[0]
                text += f" with {message!r}"
            yield text, row["commit"]
        commit = self.ask("log", "-n", "1", "--format=%H", fails=True)
        if commit:
            yield line("HEAD", head), commit.decode().strip()

    def commits(self, starts):
        found = {}
        if not starts:
            return found
        for row in self.rows("log", "--json", *starts):
            when = datetime.datetime.fromisoformat(row["author_time"])
            found[row["id"]] = {
                "parents": row["parents"], "message": row["message"],
                "author": f"{row['author_name']} <{row['author_email']}> "
                          f"{int(when.timestamp())}"}
        return found

    def stashes(self):
        if DitsLook.has_stash is None:
            said = subprocess.run([self.program, "help"], capture_output=True,
                                  text=True, check=False).stdout
            DitsLook.has_stash = re.search(r"^ +stash ", said, re.M) is not None
        if DitsLook.has_stash:
            for entry in self.ask("stash", "list").decode().splitlines():
                text = ID.sub(b"ID", entry.encode()).decode()
                yield line("stash", text.replace(": ", " ", 1))


def look_for(vcs, *arguments):
    return {"git": GitLook, "dits": DitsLook}[vcs](vcs, *arguments)
