"""A disk that forgets: what may be left of files after a power cut.

The model is the strictest that POSIX allows. The data of a file is durable
only after a sync of that file; a name (made, renamed, removed) only after a
sync of its folder. Whatever was not synced may be there, may be lost, or may
be torn: written in part, by sectors of 512 bytes. Names of one folder are kept
in the order of their changes, up to some point; a rename within one folder is
atomic, and one between folders never loses both names.
"""

import hashlib
import os
import stat
import struct

SECTOR = 512
HEAD = struct.Struct("<BBHIIIQQ")
EXCHANGE, FAULT = ord("X"), ord("F")


class Record:
    """One call, as recorder.h describes it."""

    def __init__(self, head, path, other, data):
        (self.kind, self.created, self.mode, _, _, _, self.id,
         self.offset) = head
        self.path, self.other, self.data = path, other, data

    def __str__(self):
        name = os.fsdecode(self.path) if self.path else f"inode {self.id}"
        extra = f" {len(self.data)} bytes at {self.offset}" if self.data else ""
        return f"{chr(self.kind)} {name}{extra}"


def read_log(path, start=0):
    """Every record of a log from byte `start` on."""
    with open(path, "rb") as log:
        log.seek(start)
        content = log.read()
    records, at = [], 0
    while at < len(content):
        head = HEAD.unpack_from(content, at)
        at += HEAD.size
        parts = []
        for size in head[3:6]:
            parts.append(content[at:at + size])
            at += size
        records.append(Record(head, *parts))
    return records


class File:
    def __init__(self, mode, content=b""):
        self.mode = mode
        self.durable = content
        self.live = bytearray(content)
        self.pending = []

    def do(self, operation):
        apply_operation(self.live, operation)
        self.pending.append(operation)

    def sync(self):
        self.durable = bytes(self.live)
        self.pending = []


class Link:
    def __init__(self, target):
        self.target = target


class Folder:
    """`pending`: NameChange, in order."""

    def __init__(self):
        self.durable = {}
        self.live = {}
        self.pending = []

    def change(self, change):
        self.pending.append(change)
        change.apply(self.live)

    def sync(self):
        self.sync_through(len(self.pending))

    def sync_through(self, count):
        done, self.pending = self.pending[:count], self.pending[count:]
        for change in done:
            change.apply(self.durable)
            change.is_durable = True
            partner = change.needs
            if partner is not None and not partner.is_durable:
                folder = partner.folder
                folder.sync_through(folder.pending.index(partner) + 1)


class NameChange:
    """Names to take away, then names to put; `needs` must come first."""

    def __init__(self, folder, gone=(), put=None, needs=None):
        self.folder, self.gone, self.put = folder, gone, put or {}
        self.needs = needs
        self.is_durable = False

    def apply(self, names):
        for name in self.gone:
            names.pop(name, None)
        names.update(self.put)


def apply_operation(content, operation):
    kind, offset, data = operation
    if kind == "write":
        if len(content) < offset:
            content.extend(bytes(offset - len(content)))
        content[offset:offset + len(data)] = data
    elif kind == "truncate":
        if offset < len(content):
            del content[offset:]
        else:
            content.extend(bytes(offset - len(content)))
    elif kind == "extend" and offset > len(content):
        content.extend(bytes(offset - len(content)))


class Disk:
    def __init__(self, root):
        self.root = os.fsencode(root)
        self.top = Folder()
        self.files = {}  # by inode

    # --- finding ---

    def find(self, path):
        """(folder, name) of an absolute path."""
        parts = path[len(self.root):].strip(b"/").split(b"/")
        folder = self.top
        for part in parts[:-1]:
            folder = folder.live[part]
        return folder, parts[-1]

    def folder(self, path):
        if path.rstrip(b"/") == self.root:
            return self.top
        parent, name = self.find(path)
        return parent.live[name]

    # --- what was recorded ---

    def play(self, record):
        getattr(self, "play_" + chr(record.kind))(record)

    def play_O(self, record):
        if not record.path:
            self.files[record.id] = File(record.mode)
            return
        folder, name = self.find(record.path)
        if record.created:
            file = File(record.mode)
            folder.change(NameChange(folder, put={name: file}))
        else:
            file = folder.live.get(name)
        if isinstance(file, File):
            self.files[record.id] = file

    def play_W(self, record):
        self.files[record.id].do(("write", record.offset, record.data))

    def play_T(self, record):
        self.files[record.id].do(("truncate", record.offset, b""))

    def play_E(self, record):
        self.files[record.id].do(("extend", record.offset, b""))

    def play_Z(self, record):
        file = self.files[record.id]
        size = min(int(record.data), max(len(file.live) - record.offset, 0))
        file.do(("write", record.offset, bytes(size)))

    def play_S(self, record):
        if record.id in self.files:
            self.files[record.id].sync()

    def play_D(self, record):
        self.folder(record.path).sync()

    def play_R(self, record):
        source, old = self.find(record.path)
        target, new = self.find(record.other)
        node = source.live[old]
        if target.live.get(new) is node:
            return  # two names of one file: rename does nothing
        if source is target:
            source.change(NameChange(source, (old,), {new: node}))
            return
        arrival = NameChange(target, put={new: node})
        target.change(arrival)
        source.change(NameChange(source, (old,), needs=arrival))

    def play_X(self, record):
        source, old = self.find(record.path)
        target, new = self.find(record.other)
        first, second = source.live[old], target.live[new]
        if source is target:
            source.change(NameChange(source, put={old: second, new: first}))
            return
        arrival = NameChange(target, put={new: first})
        target.change(arrival)
        source.change(NameChange(source, put={old: second}, needs=arrival))

    def play_L(self, record):
        folder, name = self.find(record.path)
        file = self.files[record.id]
        folder.change(NameChange(folder, put={name: file}))

    def play_Y(self, record):
        folder, name = self.find(record.path)
        folder.change(NameChange(folder, put={name: Link(record.other)}))

    def play_U(self, record):
        folder, name = self.find(record.path)
        folder.change(NameChange(folder, (name,)))

    play_Q = play_U

    def play_M(self, record):
        folder, name = self.find(record.path)
        folder.change(NameChange(folder, put={name: Folder()}))

    def play_C(self, record):
        if record.id in self.files:
            self.files[record.id].mode = record.mode & 0o7777

    def play_F(self, record):
        pass

    def sync_all(self):
        """What `sync` does: the test's own edits are not what is tested."""
        waiting = [self.top]
        while waiting:
            folder = waiting.pop()
            folder.sync()
            folder.durable = dict(folder.live)
            for node in folder.live.values():
                if isinstance(node, Folder):
                    waiting.append(node)
                elif isinstance(node, File):
                    node.sync()

    def adopt(self, state):
        """Take over what the test itself changed, as durable."""
        for path in sorted(set(self.live_state()) - set(state), reverse=True):
            folder, name = self.find(self.root + path)
            del folder.live[name]
        for path in sorted(state):
            folder, name = self.find(self.root + path)
            node, old = state[path], folder.live.get(name)
            if node is None:
                if not isinstance(old, Folder):
                    folder.live[name] = Folder()
            elif isinstance(node, Link):
                folder.live[name] = node
            elif not isinstance(old, File) or old.live != node[1]:
                folder.live[name] = File(*node)
        self.sync_all()

    # --- what may be left ---

    def live_state(self):
        return self.state(Choice("kept"))

    def state(self, choice):
        """{path: None (folder), Link, or (mode, bytes)} after a power cut."""
        left = {}
        waiting = [(b"", self.top)]
        contents = {}  # one file, one fate, whatever its names
        while waiting:
            path, folder = waiting.pop()
            names = choice.names(folder)
            for name in sorted(names):
                node, full = names[name], path + b"/" + name
                if isinstance(node, Folder):
                    left[full] = None
                    waiting.append((full, node))
                elif isinstance(node, Link):
                    left[full] = node
                else:
                    if node not in contents:
                        contents[node] = choice.content(node)
                    left[full] = (node.mode, contents[node])
        return left


class Choice:
    """What is left of what was not synced: "kept", "lost", "names" (names but
    not data), or by chance with a seed."""

    def __init__(self, kind, random=None):
        self.kind, self.random = kind, random

    def names(self, folder):
        if self.kind in ("kept", "names"):
            return folder.live
        if self.kind == "lost" or not folder.pending:
            return folder.durable
        count = self.random.randint(0, len(folder.pending))
        names = dict(folder.durable)
        for change in folder.pending[:count]:
            if change.needs is not None and not change.needs.is_durable:
                break
            change.apply(names)
        return names

    def content(self, file):
        if not file.pending:
            return file.durable
        if self.kind == "kept":
            return bytes(file.live)
        if self.kind in ("lost", "names"):
            return file.durable
        content = bytearray(file.durable)
        for operation in file.pending:
            self.apply(content, operation)
        return bytes(content)

    def apply(self, content, operation):
        fate = self.random.choice(("kept", "lost", "torn", "zeros"))
        kind, offset, data = operation
        if fate == "kept" or (fate == "torn" and kind != "write"):
            apply_operation(content, operation)
        elif fate == "zeros" and kind == "write":
            # The size was written, the data was not.
            apply_operation(content, ("extend", offset + len(data), b""))
        elif fate == "torn":
            self.tear(content, offset, data)

    def tear(self, content, offset, data):
        at = 0
        while at < len(data):
            size = min(SECTOR - (offset + at) % SECTOR, len(data) - at)
            if self.random.random() < 0.5:
                apply_operation(content,
                                ("write", offset + at, data[at:at + size]))
            at += size


def differences(one, other):
    """Paths at which two states differ."""
    return [path for path in sorted(set(one) | set(other))
            if path not in one or path not in other
            or node_value(one[path]) != node_value(other[path])]


def node_value(node):
    return node.target if isinstance(node, Link) else node


def state_hash(state):
    total = hashlib.blake2b()
    for path in sorted(state):
        node = state[path]
        if isinstance(node, Link):
            node = node.target
        total.update(repr((path, node and node[0])).encode())
        if isinstance(node, tuple):
            total.update(hashlib.blake2b(node[1]).digest())
    return total.digest()


def write_state(state, root):
    """Make the state's files below `root`, which is empty."""
    root = os.fsencode(root)
    for path in sorted(state):
        node, full = state[path], root + path
        if node is None:
            os.mkdir(full)
        elif isinstance(node, Link):
            os.symlink(node.target, full)
        else:
            fd = os.open(full, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(fd, "wb") as file:
                file.write(node[1])
            os.chmod(full, node[0])


def read_state(root):
    """What is really there, in the form of Disk.state()."""
    root = os.fsencode(root)
    state = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            full = os.path.join(folder, name)
            mode = os.lstat(full).st_mode
            if stat.S_ISDIR(mode):
                state[full[len(root):]] = None
            elif stat.S_ISLNK(mode):
                state[full[len(root):]] = Link(os.readlink(full))
            else:
                with open(full, "rb") as file:
                    state[full[len(root):]] = (mode & 0o7777, file.read())
    return state
