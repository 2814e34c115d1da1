"""A simple model of a Dits repository: what each command ought to do.

Files are texts of three parts with lines between them that no part touches, so
that merging them is merging the parts. Everything is kept as plain dictionaries
and copied as a whole; nothing here is shared with the program under test.
"""

import copy

PARTS = 3
CONFLICT = object()  # a part that both sides changed


class Refused(Exception):
    """The command fails and changes nothing."""


class Commit:
    def __init__(self, tree, parents, subject):
        self.tree, self.parents, self.subject = tree, parents, subject


def merge_parts(base, ours, theirs):
    """The merged content, or None for a conflict. None also means no file."""
    merged = []
    for b, o, t in zip(base, ours, theirs):
        if o == t or b == t:
            merged.append(o)
        elif b == o:
            merged.append(t)
        else:
            return None
    return tuple(merged)


def merge_trees(base, ours, theirs):
    """(merged tree, conflicts {path: letters}); ours where there is a conflict."""
    merged, conflicts = {}, {}
    for path in sorted(set(base) | set(ours) | set(theirs)):
        b, o, t = base.get(path), ours.get(path), theirs.get(path)
        if o == t or b == t:
            result = o
        elif b == o:
            result = t
        elif o is None or t is None:
            result, conflicts[path] = o, "DU" if o is None else "UD"
        else:
            result = merge_parts(b, o, t) if b is not None else None
            if result is None:
                result, conflicts[path] = o, "UU" if b is not None else "AA"
        if result is not None:
            merged[path] = result
    return merged, conflicts


class State:
    """All that a command may change, but for the files of the work tree."""

    def __init__(self):
        self.branches = {}  # name: commit number
        self.head = "main"  # a branch, or a commit number
        self.index = {}
        self.stashes = []  # oldest first: (base, index tree, files tree)
        self.work = None  # an unfinished merge

    def copy(self):
        return copy.deepcopy(self)


class Work:
    """An unfinished merge: what is left of its conflicts."""

    def __init__(self, other, conflicts, sides):
        self.other, self.conflicts, self.sides = other, conflicts, sides

    def __eq__(self, other):
        return (isinstance(other, Work) and self.other == other.other and
                self.conflicts == other.conflicts)


class Operation:
    def __init__(self, before, after, files):
        self.before, self.after, self.files = before, after, files


class Model:
    def __init__(self):
        self.commits = []
        self.state = State()
        self.files = {}  # the work tree: path: content (or a marker for conflicts)
        self.done, self.undone = [], []

    # --- looking ---

    def head(self):
        head = self.state.head
        return self.state.branches.get(head) if isinstance(head, str) else head

    def tree_of(self, commit):
        return self.commits[commit].tree if commit is not None else {}

    def ancestors(self, commit):
        seen, queue = set(), [] if commit is None else [commit]
        while queue:
            number = queue.pop()
            if number not in seen:
                seen.add(number)
                queue.extend(self.commits[number].parents)
        return seen

    def merge_bases(self, a, b):
        common = self.ancestors(a) & self.ancestors(b)
        below, queue = set(), [p for c in common for p in self.commits[c].parents]
        while queue:
            number = queue.pop()
            if number not in below:
                below.add(number)
                queue.extend(self.commits[number].parents)
        return sorted(common - below)

    def status(self):
        """As `status --porcelain -uall` tells it."""
        head, lines = self.tree_of(self.head()), {}
        conflicts = self.state.work.conflicts if self.state.work else {}
        for path in (set(head) | set(self.state.index) | set(self.files) |
                     set(conflicts)):
            h, i = head.get(path), self.state.index.get(path)
            f = self.files.get(path)
            if path in conflicts:
                lines[path] = [conflicts[path]]
                continue
            staged = " " if h == i else "A" if h is None else "D" if i is None else "M"
            work = " " if i is None or f == i else "D" if f is None else "M"
            letters = [] if staged + work == "  " else [staged + work]
            if i is None and f is not None:
                letters.append("??")
            if letters:
                lines[path] = letters
        return lines

    # --- changing ---

    def publish(self, after, files):
        """One operation, when anything changed."""
        before = self.state
        touched = {path: (self.files.get(path), files.get(path))
                   for path in set(self.files) | set(files)
                   if self.files.get(path) != files.get(path)}
        changes = (before.branches != after.branches or before.head != after.head or
                   before.index != after.index or before.stashes != after.stashes or
                   before.work != after.work)
        if changes or touched:
            self.done.append(Operation(before, after, touched))
            self.undone = []
        self.state, self.files = after, files

    def commit_at(self, tree, parents, subject):
        self.commits.append(Commit(dict(tree), list(parents), subject))
        return len(self.commits) - 1

    @staticmethod
    def advance(state, commit):
        if isinstance(state.head, str):
            state.branches[state.head] = commit
        else:
            state.head = commit

    def check_out(self, before, after):
        """Files follow from one tree to another, or stand in the way."""
        files = dict(self.files)
        for path in set(before) | set(after):
            b, a, now = before.get(path), after.get(path), files.get(path)
            if b == a:
                continue
            if now is not None and now != b and now != a:
                raise Refused(path)
            if a is None:
                files.pop(path, None)
            else:
                files[path] = a
        return files

    def refuse_work(self):
        if self.state.work:
            raise Refused("unfinished")

    # --- commands ---

    def add_all(self):
        after = self.state.copy()
        after.index = dict(self.files)
        if after.work:
            self.settle(after, list(after.work.conflicts))
        self.publish(after, dict(self.files))

    def settle(self, state, paths):
        for path in paths:
            state.work.conflicts.pop(path, None)
            state.work.sides.pop(path, None)

    def commit(self, subject, stage):
        after = self.state.copy()
        if stage:
            conflicts = after.work.conflicts if after.work else {}
            for path in set(after.index) | set(conflicts):
                if path in self.files:
                    after.index[path] = self.files[path]
                else:
                    after.index.pop(path, None)
            if after.work:
                self.settle(after, list(after.work.conflicts))
        if after.work and after.work.conflicts:
            raise Refused("conflicts")
        parents = [] if self.head() is None else [self.head()]
        if after.work:
            parents.append(after.work.other)
        elif after.index == self.tree_of(self.head()):
            raise Refused("nothing to commit")
        after.work = None
        self.advance(after, self.commit_at(after.index, parents, subject))
        self.publish(after, dict(self.files))

    def branch(self, name):
        if name in self.state.branches or self.head() is None:
            raise Refused("exists")
        after = self.state.copy()
        after.branches[name] = self.head()
        self.publish(after, dict(self.files))

    def delete_branch(self, name):
        if name not in self.state.branches or self.state.head == name:
            raise Refused("no such branch, or the current one")
        after = self.state.copy()
        del after.branches[name]
        self.publish(after, dict(self.files))

    def switch(self, name):
        if name == self.state.head:
            return
        if name not in self.state.branches:
            raise Refused("no such branch")
        self.refuse_work()
        after, files = self.follow(self.state.branches[name])
        after.head = name
        self.publish(after, files)

    def follow(self, commit):
        """Index and files to another commit; changes elsewhere are kept."""
        before, target = self.tree_of(self.head()), self.tree_of(commit)
        after = self.state.copy()
        moved_from, moved_to = {}, {}
        for path in set(before) | set(target):
            b, t, i = before.get(path), target.get(path), after.index.get(path)
            if b == t or i == t and i != b:
                continue
            if i != b:
                raise Refused(path)
            if b is not None:
                moved_from[path] = b
            if t is not None:
                moved_to[path] = t
            if t is None:
                after.index.pop(path, None)
            else:
                after.index[path] = t
        return after, self.check_out(moved_from, moved_to)

    def merge(self, name, subject, markers):
        self.refuse_work()
        other = self.state.branches.get(name)
        if other is None or self.head() is None:
            raise Refused("nothing to merge")
        if other in self.ancestors(self.head()):
            return False
        if self.head() in self.ancestors(other):
            after, files = self.follow(other)
            self.advance(after, other)
            self.publish(after, files)
            return False
        ours = self.tree_of(self.head())
        if self.state.index != ours:
            raise Refused("staged")
        base = self.tree_of(self.merge_bases(self.head(), other)[0])
        theirs = self.tree_of(other)
        merged, conflicts = merge_trees(base, ours, theirs)
        return self.merged(ours, merged, conflicts, other, subject, markers,
                           theirs)

    def merged(self, ours, merged, conflicts, other, subject, markers, theirs):
        after = self.state.copy()
        wanted = dict(merged)
        for path, letters in conflicts.items():
            if letters == "DU":
                wanted[path] = theirs[path]
            elif letters in ("UU", "AA"):
                wanted[path] = markers(path, ours[path], theirs[path])
        files = self.check_out(ours, wanted)
        after.index = merged
        if conflicts:
            sides = {path: (ours.get(path), theirs.get(path)) for path in conflicts}
            after.work = Work(other, conflicts, sides)
        else:
            self.advance(after, self.commit_at(merged, [self.head(), other], subject))
        self.publish(after, files)
        return bool(conflicts)

    def abort(self):
        if not self.state.work:
            raise Refused("no merge")
        after, files = self.state.copy(), dict(self.files)
        head = self.tree_of(self.head())
        for path in set(head) | set(after.index) | set(after.work.sides):
            if (after.index.get(path) == head.get(path) and
                    path not in after.work.sides):
                continue
            if path in head:
                files[path] = head[path]
            else:
                files.pop(path, None)
        after.index, after.work = dict(head), None
        self.publish(after, files)

    def resolve(self, side):
        if not self.state.work or not self.state.work.conflicts:
            raise Refused("no conflicts")
        after, files = self.state.copy(), dict(self.files)
        paths = list(after.work.conflicts)
        for path in paths:
            content = after.work.sides[path][side]
            for where in (after.index, files):
                if content is None:
                    where.pop(path, None)
                else:
                    where[path] = content
        self.settle(after, paths)
        self.publish(after, files)

    def reset(self, mode, commit):
        after, files = self.state.copy(), dict(self.files)
        tree = self.tree_of(commit)
        if mode == "soft" and after.work:
            raise Refused("a merge is not finished")
        if mode == "hard":
            sides = after.work.sides if after.work else {}
            for path in set(after.index) | set(tree) | set(sides):
                if path in tree:
                    files[path] = tree[path]
                else:
                    files.pop(path, None)
        if mode != "soft":
            after.index, after.work = dict(tree), None
        self.advance(after, commit)
        self.publish(after, files)

    def rebase_tip(self, name):
        """Where a rebase would lead: None for a conflict."""
        upstream, start = self.state.branches[name], self.head()
        steps, at, known = [], start, self.ancestors(upstream)
        while at is not None and at not in known:
            steps.insert(0, at)
            parents = self.commits[at].parents
            at = parents[0] if parents else None
        there = self.what_they_do(known - self.ancestors(start))
        tip = upstream
        for step in steps:
            if self.what_it_does(step) not in there:
                tip = self.replay(step, tip)
            if tip is None:
                return None
        return tip

    def rebase(self, name):
        """True when it stops with a conflict; that is not followed further."""
        self.refuse_work()
        upstream, start = self.state.branches.get(name), self.head()
        if upstream is None or start is None:
            raise Refused("nothing to rebase")
        if upstream in self.ancestors(start):
            return False
        tip = self.rebase_tip(name)
        if tip is None:
            return True
        after = self.state.copy()
        files = self.check_out(self.tree_of(start), self.tree_of(tip))
        after.index = dict(self.tree_of(tip))
        self.advance(after, tip)
        self.publish(after, files)
        return False

    def replay(self, step, tip):
        commit = self.commits[step]
        parent = commit.parents[0] if commit.parents else None
        if parent == tip:
            return step
        merged, conflicts = merge_trees(self.tree_of(parent), self.tree_of(tip),
                                        commit.tree)
        if conflicts:
            return None
        if merged == self.tree_of(tip):
            return tip
        return self.commit_at(merged, [tip], commit.subject)

    def what_it_does(self, number):
        commit = self.commits[number]
        if len(commit.parents) != 1:
            return None
        before = self.tree_of(commit.parents[0])
        return frozenset((p, before.get(p), commit.tree.get(p))
                         for p in set(before) | set(commit.tree)
                         if before.get(p) != commit.tree.get(p))

    def what_they_do(self, numbers):
        return {self.what_it_does(n) for n in numbers} - {None, frozenset()}

    def range_is_linear(self, name):
        """Whether what a rebase would take has no merges in it."""
        upstream, start = self.state.branches.get(name), self.head()
        if upstream is None or start is None:
            return True
        left = self.ancestors(start) - self.ancestors(upstream)
        return all(len(self.commits[n].parents) < 2 for n in left)

    def stash(self):
        if self.head() is None or (self.state.work and self.state.work.conflicts):
            raise Refused("no commit, or conflicts")
        after = self.state.copy()
        head = self.tree_of(self.head())
        saved = {p: self.files[p] for p in after.index if p in self.files}
        if saved == head and after.index == head:
            return
        files = self.check_out(saved, head)
        after.stashes.append((head, dict(after.index), saved))
        after.index = dict(head)
        self.publish(after, files)

    def pop(self):
        if not self.state.stashes or (self.state.work and
                                      self.state.work.conflicts):
            raise Refused("no stash, or conflicts")
        after = self.state.copy()
        base, _, saved = after.stashes[-1]
        merged, conflicts = merge_trees(base, after.index, saved)
        if conflicts:
            raise Refused("conflicts")  # not tried: the driver asks before
        files = self.check_out(after.index, merged)
        for path in merged:
            if path not in after.index:
                after.index[path] = merged[path]
        after.stashes.pop()
        self.publish(after, files)

    def pop_conflicts(self):
        if not self.state.stashes:
            return False
        base, _, saved = self.state.stashes[-1]
        return bool(merge_trees(base, self.state.index, saved)[1])

    def undo(self):
        if not self.done:
            raise Refused("nothing to undo")
        operation = self.done.pop()
        now = dict(self.files)
        for path, (before, _) in operation.files.items():
            if before is None:
                self.files.pop(path, None)
            else:
                self.files[path] = before
        # What was there already as it shall be is no part of the undoing.
        captured = {path: now.get(path)
                    for path, (before, _) in operation.files.items()
                    if now.get(path) != before}
        self.state = operation.before
        self.undone.append((operation, captured))

    def redo(self):
        if not self.undone:
            raise Refused("nothing to redo")
        operation, captured = self.undone.pop()
        for path, content in captured.items():
            if content is None:
                self.files.pop(path, None)
            else:
                self.files[path] = content
        self.state = operation.after
        self.done.append(operation)
