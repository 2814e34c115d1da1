"""
Changes of a work tree in every way there is, made at random but from a seed.

    from work_tree_changes import ...       with SEED as the first argument
"""
import ctypes
import difflib
import json
import mmap
import os
import random
import shutil
import signal
import subprocess
import sys

seed, steps = int(sys.argv[1]), int(sys.argv[2])
rng = random.Random(seed)
AT_FDCWD, RENAME_EXCHANGE = -100, 2
NAMES = ["a", "b", "c", "d.txt", "e.o", "f-1", "g h"]


def dits(*args, ok=(0,)):
    done = subprocess.run(["dits", *args], capture_output=True, text=True)
    if ok is not None and done.returncode not in ok:
        sys.exit(f"dits {args}: {done.returncode}\n{done.stderr}")
    return done.stdout


def paths(kind):
    found = []
    for top, folders, files in os.walk("."):
        folders[:] = [f for f in folders if f not in (".dits", ".git")]
        if kind == "folder":
            found += [os.path.join(top, f) for f in folders
                      if not os.path.islink(os.path.join(top, f))]
        else:
            found += [os.path.join(top, f) for f in files]
    return sorted(found)


def any_path(kind):
    found = paths(kind)
    return rng.choice(found) if found else None


def any_folder():
    return rng.choice(paths("folder") + ["."])


def fresh():
    return os.path.join(any_folder(), rng.choice(NAMES))


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    elif os.path.lexists(path):
        os.unlink(path)


def write(path, text=None):
    if os.path.isdir(path) and not os.path.islink(path):
        return
    if os.path.islink(path):
        os.unlink(path)
    with open(path, "w") as out:
        out.write(rng.choice(["1", "2", "33", "4444"]) if text is None else text)


def edit():
    path = any_path("file")
    if path:
        write(path)


def edit_unseen():
    """The same size, and the old modification time."""
    path = any_path("file")
    if path and not os.path.islink(path):
        before = os.stat(path)
        write(path, rng.choice("xyz") * before.st_size)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def touch():
    path = any_path("file")
    if path and not os.path.islink(path):
        os.utime(path)


def rename_over():
    path, other = any_path("file"), any_path("file")
    if path and other:
        os.rename(path, other)


def move_folder():
    path, to = any_path("folder"), fresh()
    if path and not (to + "/").startswith(path + "/"):
        if not os.path.lexists(to):
            os.rename(path, to)


def move_out_and_in():
    path = any_path("folder")
    if path:
        os.rename(path, "../outside")
        if rng.random() < 0.5:
            write(os.path.join("../outside", rng.choice(NAMES)))
        back = path if rng.random() < 0.5 else fresh()
        if os.path.isdir(os.path.dirname(back)) and not os.path.lexists(back):
            os.rename("../outside", back)
        else:
            remove("../outside")


def exchange():
    path, other = any_path("folder"), any_path("folder")
    apart = path and not (path + "/").startswith(other + "/") and \
        not (other + "/").startswith(path + "/")
    if apart:
        ctypes.CDLL(None).renameat2(AT_FDCWD, path.encode(), AT_FDCWD,
                                    other.encode(), RENAME_EXCHANGE)


def through_memory():
    path = any_path("file")
    if path and not os.path.islink(path) and os.path.getsize(path) > 0:
        with open(path, "r+b") as file:
            memory = mmap.mmap(file.fileno(), 0)
        memory[0] = rng.choice(b"pqr")
        memory.close()


def folder_to_link():
    path = any_path("folder")
    if path:
        remove(path)
        os.symlink(rng.choice(["..", "nowhere", "a"]), path)


def link_to_folder():
    for path in paths("file") + paths("folder"):
        if os.path.islink(path):
            os.unlink(path)
            os.mkdir(path)
            write(os.path.join(path, "a"))
            return


def make_folder():
    path = fresh()
    if not os.path.lexists(path):
        os.makedirs(os.path.join(path, "a", "b"))
        write(os.path.join(path, "a", "b", rng.choice(NAMES)))
        write(os.path.join(path, rng.choice(NAMES[3:])))


def chmod():
    path = any_path("file")
    if path and not os.path.islink(path):
        os.chmod(path, rng.choice([0o644, 0o755]))


def ignore():
    name = os.path.join(any_folder(), ".ditsignore")
    if rng.random() < 0.3:
        remove(name)
    elif not os.path.isdir(name):
        write(name, rng.choice(["*.o\n", "a\n", "/b\n", "!a\n", "g h/\n", ""]))


def exclude():
    os.makedirs(".dits/info", exist_ok=True)
    with open(".dits/info/exclude", "w") as out:
        out.write(rng.choice(["", "c\n", "*.txt\n"]))


def nested():
    path = os.path.join(any_folder(), ".dits")
    if path != "./.dits":
        if os.path.lexists(path):
            remove(path)
        else:
            os.mkdir(path)


def many():
    folder = any_folder()
    for i in range(rng.choice([5, 40])):
        write(os.path.join(folder, f"many{i}"))


def fewer():
    for path in paths("file"):
        if "many" in path and rng.random() < 0.9:
            os.unlink(path)


def link_out():
    path = any_path("file")
    if path and not os.path.islink(path):
        remove("../link")
        os.link(path, "../link")
        os.chmod(path, os.stat(path).st_mode)  # nobody tells of the link


def link_inside():
    path, other = any_path("file"), fresh()
    if path and not os.path.islink(path) and not os.path.lexists(other):
        os.link(path, other)
        with open(other, "a") as out:
            out.write("more")


def unlink_out():
    remove("../link")


def through_link():
    if os.path.exists("../link") and dits("status", "-s") is not None:
        with open("../link", "a") as out:
            out.write("more")


def stage():
    dits(*rng.choice([["add", "-A"], ["add", "-u"], ["add", "."]]), ok=None)


def stage_one():
    path = any_path("file")
    if path:
        dits("add", path, ok=None)


def unstage():
    path = any_path("file")
    if path:
        dits("rm", "--cached", "-q", path, ok=None)


def commit():
    dits("commit", "-qm", "next", ok=None)


def go_back():
    dits(*rng.choice([["reset", "--hard"], ["undo"], ["redo"], ["stash"],
                      ["restore", "."], ["switch", "-f", "other"],
                      ["switch", "-f", "main"]]), ok=None)


def delete():
    path = any_path(rng.choice(["file", "file", "folder"]))
    if path:
        remove(path)


ACTIONS = [edit] * 4 + [edit_unseen] * 3 + [exchange, rename_over] * 2 + [
    move_folder, move_folder, move_out_and_in, through_memory, touch, chmod,
    folder_to_link, link_to_folder, make_folder, make_folder, ignore, exclude,
    nested, many, fewer, stage, stage, stage_one, unstage, commit, commit,
    go_back, delete, delete, link_out, unlink_out, through_link, link_inside]


def begin():
    """A repository in the folder, with two branches and some files."""
    subprocess.run(["dits", "init", "-q", "."], check=True)
    for folder in ["a", "a/b", "c", "c/d"]:
        os.makedirs(folder)
        for name in NAMES[3:]:
            write(os.path.join(folder, name))
    dits("add", "-A")
    dits("commit", "-qm", "first")
    dits("branch", "other", ok=None)


def change(actions):
    """A few of them; their names, and what the system refused."""
    done = []
    for _ in range(rng.choice([0, 1, 1, 2, 5])):
        action = rng.choice(actions)
        done.append(action.__name__)
        try:
            action()
        except OSError as error:
            done.append(str(error))
    return done


def compare(what, wanted, seen):
    """End the program where the two texts differ."""
    if wanted != seen:
        lines = difflib.unified_diff(wanted.splitlines(), seen.splitlines(),
                                     "wanted", "seen", n=0, lineterm="")
        sys.exit("\n".join([f"seed {seed} {what}", *lines]))
