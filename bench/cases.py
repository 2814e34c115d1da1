"""The cases: what is measured, and what figure we hold ourselves to."""
import json
import os
import resource
import shutil
import signal
import statistics
import subprocess
import time
from dataclasses import dataclass

import inputs
import measure
import merge
import peers
import status
import variants
from measure import Failed

MEMORY = 2 << 30  # bytes: as much as the large file

@dataclass
class Bench:
    inputs: str  # folder where inputs are kept
    scratch: str  # folder on a real disk, emptied afterwards
    peers: list
    quick: bool

    @property
    def repeat(self):
        return 1 if self.quick else 5

    @property
    def repeat_peer(self):
        return 1 if self.quick else 3


class Table:
    """Rows of figures, with each figure's ratio to the first column."""

    def __init__(self, title, columns):
        print(f"\n## {title}\n")
        self.columns = columns
        print("| " + " | ".join(["tool"] + columns) + " |")
        print("|" + "---|" * (len(columns) + 1))

    def row(self, name, cells):
        shown = ["" if c is None else c if isinstance(c, str) else f"{c:.3f} s"
                 for c in cells]
        print("| " + " | ".join([name] + shown) + " |", flush=True)


def target(what, figure, limit, unit="x", at_least=False):
    """Print a figure against its target; 1 when it misses."""
    met = figure >= limit if at_least else figure <= limit
    word = "at least" if at_least else "at most"
    print(f"- {what}: {figure:.3g}{unit}, target {word} {limit:g}{unit}: "
          f"{'met' if met else 'MISSED'}", flush=True)
    return 0 if met else 1


class Trial:
    """One peer with its own work folder and store."""

    def __init__(self, base, peer):
        self.peer = peer
        self.base = os.path.join(base, peer.name.split(";")[0])
        self.work = os.path.join(self.base, "work")
        self.store = os.path.join(self.base, "store")
        os.makedirs(self.work)
        self.env = peers.environment(self.store)

    def run(self, command):
        return measure.run(command, self.work, self.env)

    def empty_work(self):
        keep = {".dits", ".git", ".gitattributes"}
        for name in os.listdir(self.work):
            if name not in keep:
                path = os.path.join(self.work, name)
                (shutil.rmtree if os.path.isdir(path) else os.unlink)(path)

    def remove(self):
        subprocess.run(["chmod", "-R", "u+w", self.base], check=False)
        shutil.rmtree(self.base)


def place(source, trial):
    """A copy of the input in the trial's work folder, warm in the cache."""
    path = os.path.join(trial.work, "clip.mov")
    shutil.copyfile(source, path)
    os.sync()
    measure.warm(path)
    return path


def first_add(bench, peer, source, repeat):
    runs = []
    for _ in range(repeat):
        trial = Trial(bench.scratch, peer)
        trial.run(peer.init)
        place(source, trial)
        measure.back_memory(trial.base, MEMORY)
        runs.append(trial.run(peer.add))
        trial.remove()
    return measure.median(runs)


def later_steps(bench, peer, source, repeat):
    """Unchanged add, touched add, restore, cp beside it, the store's size."""
    trial = Trial(bench.scratch, peer)
    trial.run(peer.init)
    path = place(source, trial)
    size = os.path.getsize(path)
    trial.run(peer.add)
    if peer.commit:
        trial.run(peer.commit)
    unchanged, touched, restored, copied = [], [], [], []
    for _ in range(repeat):
        measure.warm(path)
        if peer is not peers.COPY:
            unchanged.append(trial.run(peer.add))
            os.utime(path)
            time.sleep(0.1)  # so that its times tell a later change
            touched.append(trial.run(peer.add))
    stored = measure.folder_size(trial.base) - size
    for _ in range(repeat):
        if peer.restore:
            trial.empty_work()
            os.sync()  # what the run before left must not slow this one
            warm_store(trial)
            measure.back_memory(trial.base, MEMORY)
            restored.append(trial.run(peer.restore))
        if peer is peers.DITS:
            copied.append(plain_copy(trial))
    trial.remove()
    return unchanged, touched, restored, copied, stored - size


def warm_store(trial):
    for folder, _, names in os.walk(trial.base):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                measure.warm(path)


def wall(runs):
    return measure.median(runs).wall if runs else None


def case_add(bench):
    source = inputs.prores(bench.inputs, 4 if bench.quick else
                           inputs.VIDEO_SECONDS)
    size = os.path.getsize(source)
    table = Table(f"One ProRes file of {size / 1e9:.2f} GB", [
        "first add", "CPU", "peak memory", "add unchanged", "add touched",
        "restore", "overhead"])
    figures = {}
    for peer in [peers.DITS] + bench.peers:
        repeat = bench.repeat if peer in (peers.DITS, peers.COPY) \
            else bench.repeat_peer
        try:
            first = first_add(bench, peer, source, repeat)
            later = later_steps(bench, peer, source, repeat)
        except Failed as err:
            table.row(peer.name, [f"failed: {err}"])
            continue
        unchanged, touched, restored, copied, extra = later
        figures[peer.name] = (first.wall, wall(unchanged), wall(touched),
                              wall(restored), extra, first.rss)
        if copied:
            plain = wall(copied)
        table.row(peer.name, [
            first.wall, f"{first.cpu:.2f} s", f"{first.rss / 1e6:.0f} MB",
            wall(unchanged), wall(touched), wall(restored),
            f"{100 * extra / size:.3f} %"])
    table.row("cp, not synced", [None, None, None, None, None, plain])
    return judge_add(figures, plain, size) + one_byte(bench, source)


def plain_copy(trial):
    """cp of the file that was just restored, in the same state of the disk."""
    os.sync()
    measure.back_memory(trial.base, MEMORY)
    run = trial.run("cp clip.mov other.mov")
    os.unlink(os.path.join(trial.work, "other.mov"))
    return run


def judge_add(figures, plain, size):
    dits, copy = figures["dits"], figures["cp; sync"]
    bad = 0
    print()
    bad += target("first add against cp; sync", dits[0] / copy[0], 0.75)
    bad += target("touched add against cp; sync", dits[2] / copy[0], 0.5)
    bad += target("unchanged add", dits[1] * 1e3, 10, " ms")
    bad += target("restore against cp", dits[3] / plain, 1.15)
    bad += target("overhead of the repository", 100 * dits[4] / size, 0.15, " %")
    bad += target("peak memory", dits[5] / 1e6, 100, " MB")
    for name, factor in (("restic", 8), ("git-lfs", 8), ("borg", 5)):
        if name in figures:
            bad += target(f"first add, times faster than {name}",
                          figures[name][0] / dits[0], factor, at_least=True)
    for name in ("restic", "borg"):
        if name in figures:
            bad += target(f"restore, times faster than {name}",
                          figures[name][3] / dits[3], 5, at_least=True)
    return bad


def chunk_ids(trial):
    listing = subprocess.run(
        ["dits", "chunks", "--json", "clip.mov"], cwd=trial.work,
        env=trial.env, capture_output=True, text=True, check=True).stdout
    return {json.loads(line)["id"] for line in listing.splitlines()}


def one_byte(bench, source):
    """One byte changed in the middle: how many chunks are stored anew?"""
    trial = Trial(bench.scratch, peers.DITS)
    trial.run(peers.DITS.init)
    path = place(source, trial)
    trial.run(f"{peers.DITS.add} && {peers.DITS.commit}")
    before = chunk_ids(trial)
    with open(path, "r+b") as file:
        file.seek(os.path.getsize(path) // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 0xFF]))
    trial.run(f"{peers.DITS.add} && {peers.DITS.commit}")
    new = len(chunk_ids(trial) - before)
    trial.remove()
    return target("one byte changed, chunks stored anew", new, 2, "")


def case_many(bench):
    count = 2_000 if bench.quick else inputs.FILES
    table = Table(f"{count} files of 4 KiB",
                  ["add", "commit", "status", "restore"])
    figures = {}
    tested = [p for p in bench.peers if p.status] + \
        [p for p in bench.peers if p is peers.COPY]
    for peer in [peers.DITS] + tested:
        if peer.name == "git-lfs":
            continue  # the same as git for files that it does not track
        try:
            figures[peer.name] = cells = many(bench, peer, count)
            table.row(peer.name, cells)
        except Failed as err:
            table.row(peer.name, [f"failed: {err}"])
    if "git" not in figures:
        return 0
    dits, git = figures["dits"], figures["git"]
    print()
    return (target("add, times faster than git", git[0] / dits[0], 10,
                   at_least=True) +
            target("commit, times faster than git", git[1] / dits[1], 5,
                   at_least=True) +
            target("status against git", dits[2] / git[2], 0.75) +
            target("restore, times faster than git", git[3] / dits[3], 3,
                   at_least=True))


def many(bench, peer, count):
    """Medians of add, commit, status and restore, each on a fresh disk."""
    adds, commits, states, restores = [], [], [], []
    for _ in range(bench.repeat_peer):
        with measure.Disk(6 << 30, bench.scratch) as disk:
            trial = Trial(disk, peer)
            trial.run(peer.init)
            inputs.many_files(trial.work, count)
            os.sync()
            trial.run("find . -type f -exec cat {} + >/dev/null")
            time.sleep(1.1)  # out of the second that stat data cannot tell
            adds.append(trial.run(peer.add))
            if peer.commit:
                commits.append(trial.run(peer.commit))
            if peer.status:
                trial.run(peer.status)
                states += [trial.run(peer.status) for _ in range(5)]
            trial.empty_work()
            restores.append(trial.run(peer.restore))
    return [wall(adds), wall(commits), wall(states), wall(restores)]


def case_history(bench):
    commits, branches = (200, 50) if bench.quick else (10_000, 1_000)
    trial = Trial(bench.scratch, peers.DITS)
    trial.run(peers.DITS.init)
    trial.run(f"for i in $(seq {commits}); do echo $i >take.txt; "
              "dits add take.txt; dits commit -q -m \"take $i\"; done")
    trial.run(f"for i in $(seq {branches}); do dits branch b$i; done")
    packs = len([n for n in os.listdir(f"{trial.work}/.dits/packs")
                 if n.endswith(".pack")])
    print(f"\n## {commits} commits, {branches} branches, {packs} packs\n\n"
          "Medians of whole commands, started without a shell.\n")
    bad = 0
    for name, limit, command in (
            ("log -n 20", 10, lambda i: ["log", "-n", "20"]),
            ("log, all of it", None, lambda i: ["log", "--oneline"]),
            ("branch", 10, lambda i: ["branch"]),
            ("branch NAME", 10, lambda i: ["branch", f"new{i}"]),
            ("tag", 10, lambda i: ["tag"]),
            ("tag NAME", 10, lambda i: ["tag", f"new{i}"]),
            ("switch, no file differs", 10,
             lambda i: ["switch", "-q", f"b{1 + i % 2}"]),
            ("status", 10, lambda i: ["status", "-s"]),
            ("version", None, lambda i: ["version"])):
        times = [measure.run_alone(["dits"] + command(i), trial.work)
                 for i in range(5 * bench.repeat)]
        time_ms = 1e3 * statistics.median(times)
        if limit:
            bad += target(name, time_ms, limit, " ms")
        else:
            print(f"- {name}: {time_ms:.3g} ms", flush=True)
    trial.remove()
    return bad


def stored_size(trial):
    """Of the packs, as far as a tool has them apart from its bookkeeping."""
    total = 0
    for path in (trial.store, trial.store + ".castr",
                 os.path.join(trial.work, ".dits", "packs")):
        if os.path.isdir(path):
            total += measure.folder_size(path)
    return total


def keep(trial, path):
    """Store a file under its own name; how many bytes the store grew."""
    before = stored_size(trial)
    place_of = os.path.join(trial.work, os.path.basename(path))
    shutil.copyfile(path, place_of)
    trial.run(trial.peer.add)
    if trial.peer.commit:
        trial.run(trial.peer.commit)
    os.unlink(place_of)
    return stored_size(trial) - before


MEDIA_PEERS = ("restic", "borg", "casync")


def case_media(bench):
    """New bytes for a variant after its original, in percent of the variant."""
    folder = os.path.join(bench.inputs, "variants")
    os.makedirs(folder, exist_ok=True)
    tools = [peers.DITS] + peers.CHUNKS + [p for p in bench.peers
                                           if p.name in MEDIA_PEERS]
    bad = 0
    for base in variants.BASES[:1] if bench.quick else variants.BASES:
        files = list(variants.variants_of(folder, base))
        table = Table(f"{base.title}: new bytes for a variant, of its size",
                      ["at most"] + [p.name for p in tools])
        grown = {peer.name: keep_all(bench, peer, folder, base, files)
                 for peer in tools}
        for i, (variant, path) in enumerate(files):
            size = os.path.getsize(path)
            limit = variants.allowed(base, variant, path)
            missed = grown["dits"][i] > limit
            bad += missed
            table.row(variant.name + (" (MISSED)" if missed else ""),
                      [f"{100 * limit / size:.2f} %"] +
                      [f"{100 * grown[p.name][i] / size:.3f} %" for p in tools])
        table.row("all of them", [""] + [f"{sum(grown[p.name]) / 1e6:.1f} MB"
                                         for p in tools])
    return bad


def keep_all(bench, peer, folder, base, files):
    """How much each of the files adds, in their order, after the base."""
    trial = Trial(bench.scratch, peer)
    trial.run(peer.init)
    keep(trial, variants.base_file(folder, base))
    grown = [keep(trial, path) for _, path in files]
    trial.remove()
    return grown


READS = 4000


def case_weave(bench):
    """What taking a clip apart costs, against cutting it as it is."""
    source = inputs.prores(bench.inputs, 4 if bench.quick else
                           inputs.VIDEO_SECONDS)
    flat = inputs.without_index(source)
    table = Table("The same ProRes file, woven and cut as it is",
                  ["add", "64 KiB at random"])
    adds, rates = {}, {}
    for name, path in (("woven", source), ("flat", flat)):
        adds[name] = first_add(bench, peers.DITS, path, bench.repeat).wall
        trial = Trial(bench.scratch, peers.DITS)
        trial.run(peers.DITS.init)
        place(path, trial)
        trial.run(peers.DITS.add)
        warm_store(trial)
        runs = [measure.output(["read_bench", ".", "clip.mov", str(READS)],
                               trial.work) for _ in range(bench.repeat)]
        rates[name] = statistics.median(float(run.split()[0]) for run in runs)
        trial.remove()
        table.row(name, [adds[name], f"{rates[name]:.0f} MB/s"])
    return (target("woven add, of flat", adds["woven"] / adds["flat"], 1.25) +
            target("random reads, of flat", rates["woven"] / rates["flat"],
                   0.7, at_least=True))


SPARSE = 64 << 30
LIMIT = 256 << 20


def case_memory(bench):
    """A sparse file of 64 GiB under a limit of 256 MiB of data memory."""
    trial = Trial(bench.scratch, peers.DITS)
    trial.run(peers.DITS.init)
    with open(os.path.join(trial.work, "big.bin"), "wb") as file:
        file.truncate(SPARSE if not bench.quick else SPARSE >> 4)
        for place_at in range(7):
            file.seek(place_at * (3 << 30 if not bench.quick else 3 << 26))
            file.write(os.urandom(1 << 20))
    table = Table("Sparse file of 64 GiB, data memory limited to 256 MiB",
                  ["time", "peak memory"])
    limits = [(resource.RLIMIT_DATA, LIMIT)]
    bad = 0
    for name, command in (("add", peers.DITS.add),
                          ("commit", peers.DITS.commit),
                          ("restore", "rm big.bin && dits restore big.bin")):
        run = measure.run(command, trial.work, trial.env, limits)
        table.row(name, [run.wall, f"{run.rss / 1e6:.0f} MB"])
        bad += target(f"{name}, peak memory", run.rss / 1e6, 100, " MB")
    trial.remove()
    return bad


def case_merge(bench):
    """Two branches, 5,000 other files changed on each of 1,000,000."""
    folders = 20 if bench.quick else merge.FOLDERS
    per_folder = merge.FILES // merge.FOLDERS
    table = Table(f"{folders * per_folder:,} files: merge of "
                  f"{2 * merge.EACH * folders:,} changed, switch over 5", [
                      "merge", "CPU", "peak memory", "switch", "its CPU"])
    figures = {}
    for peer in (peers.DITS, merge.GIT):
        if not peer.is_here():
            continue
        trial = Trial(bench.scratch, peer)
        merge.make(trial, folders, per_folder)
        merged, switched = merge.run(trial, bench.repeat_peer)
        figures[peer.name] = (merged, switched)
        table.row(peer.name, [
            merged.wall, f"{merged.cpu:.2f} s", f"{merged.rss / 1e6:.0f} MB",
            switched.wall, f"{switched.cpu:.2f} s"])
        trial.remove()
    return judge_merge(figures)


def case_conflicts(bench):
    """A merge in which everything is in conflict, and its end."""
    count = 20 if bench.quick else merge.CONFLICTS
    clips = 5 if bench.quick else merge.CLIPS
    trial = Trial(bench.scratch, peers.DITS)
    merge.make_conflicts(trial, count, clips)
    table = Table(f"{count} texts and {clips} clips of 1 MiB in conflict", [
        "time", "CPU", "peak memory"])
    bad = 0
    for name, command in (
            ("merge", "dits merge -q theirs; [ $? = 1 ]"),
            ("status", "dits status -s >/dev/null"),
            ("resolve", "dits resolve -q --theirs 't*'"),
            ("add", "dits add -A"),
            ("merge --continue", "dits merge -q --continue"),
            ("undo", "dits undo -q")):
        run = trial.run(command)
        table.row(name, [run.wall, f"{run.cpu:.2f} s",
                         f"{run.rss / 1e6:.0f} MB"])
        bad += target(f"{name}, peak memory", run.rss / 1e6, 300, " MB")
    trial.remove()
    return bad


def case_long(bench):
    """Asking and merging where there are very many commits."""
    commits = 2_000 if bench.quick else 100_000
    trial = Trial(bench.scratch, peers.DITS)
    source = os.path.join(bench.scratch, "long.git")
    subprocess.run(["git", "init", "-q", "--bare", source], check=True)
    with subprocess.Popen(["git", "-C", source, "fast-import", "--quiet"],
                          stdin=subprocess.PIPE, text=True) as process:
        merge.write_history(process.stdin, commits)
        process.stdin.close()
    trial.run(peers.DITS.init)
    table = Table(f"A history of {commits:,} commits on two branches", [
        "time", "CPU", "peak memory"])
    bad = 0
    for name, seconds, command in (
            ("import", None, f"dits import -q git {source}"),
            ("merge-base", 2, "dits merge-base main side >/dev/null"),
            ("log -n 20", 1, "dits log -n 20 >/dev/null"),
            ("log, all of it", 10, "dits log --oneline main side >/dev/null"),
            ("log of one side", 10, "dits log --oneline main..side >/dev/null"),
            ("merge", 4, "dits switch -q main && dits merge -q -m m side"),
            ("merge again", 2, "dits merge -q side"),
            ("undo", 2, "dits undo -q")):
        run = trial.run(command)
        table.row(name, [run.wall, f"{run.cpu:.2f} s",
                         f"{run.rss / 1e6:.0f} MB"])
        if seconds is not None:
            bad += target(name, run.wall, seconds, " s")
        bad += target(f"{name}, peak memory", run.rss / 1e6, 500, " MB")
    shutil.rmtree(source)
    trial.remove()
    return bad


def judge_merge(figures):
    merged, switched = figures["dits"]
    print()
    bad = target("merge", merged.wall, 2, " s")
    bad += target("merge, peak memory", merged.rss / 1e6, 500, " MB")
    bad += target("switch over 5 files", switched.wall, 1, " s")
    if "git" in figures:
        for name, own, other in (("merge", merged, figures["git"][0]),
                                 ("switch", switched, figures["git"][1])):
            print(f"- {name} against git: {own.wall / other.wall:.2f} of its "
                  f"time, {own.cpu / other.cpu:.2f} of its CPU, "
                  f"{own.rss / other.rss:.2f} of its memory")
    return bad


def import_times(bench, source, command):
    """Runs of a command that fills an empty folder from `source`."""
    runs = []
    for _ in range(bench.repeat_peer):
        folder = os.path.join(bench.scratch, "import")
        os.makedirs(folder)
        os.sync()
        runs.append(measure.run(command, folder, dict(os.environ, source=source)))
        shutil.rmtree(folder)
    return runs


def case_import(bench):
    """A history that comes from git, and goes back."""
    commits = 500 if bench.quick else 10_000
    source = inputs.git_history(bench.inputs, commits)
    table = Table(f"A git history of {commits} commits", [
        "time", "CPU", "peak memory"])
    git = 'git init -q --bare . && git -C "$source" fast-export --all | ' \
        "git fast-import --quiet"
    init = "dits init -q . && "
    figures = {}
    for name, command in (
            ("git fast-export, fast-import", git),
            ("dits import git", init + 'dits import -q git "$source"'),
            ("the same, and once more", init +
             'dits import -q git "$source" && dits import -q git "$source"'),
            ("the same, and dits export git", init +
             'dits import -q git "$source" && dits export -q git out.git')):
        runs = import_times(bench, source, command)
        run = measure.median(runs)
        figures[name] = run.wall
        table.row(name, [run.wall, f"{run.cpu:.2f} s",
                         f"{run.rss / 1e6:.0f} MB"])
    print()
    return target("import against git's own pipe", figures["dits import git"] /
                  figures["git fast-export, fast-import"], 1)


GC_FILES = 500_000  # each of them two chunks: 1,000,000


def make_garbage(bench, trial):
    """A store whose chunks are half garbage, and one file to be read."""
    trial.run(peers.DITS.init)
    trial.run("dits config ops.expire now && dits config reflog.expire now")
    inputs.tiny_files(trial.work, GC_FILES // 20 if bench.quick else GC_FILES)
    with open(os.path.join(trial.work, "clip"), "wb") as file:
        file.write(os.urandom(32 << 20))
    trial.env["DITS_DATE"] = "2020-01-01"
    trial.run("dits add -A -q && dits rm -rq --cached d*[13579] && "
              "dits commit -qm one")
    del trial.env["DITS_DATE"]


def renew(origin, copy):
    """The same repository once more. Packs never change: they are linked."""
    packs = os.path.join(origin, ".dits", "packs")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(os.path.join(origin, ".dits"), os.path.join(copy, ".dits"),
                    ignore=lambda at, names: names if at == packs else [])
    for name in os.listdir(packs):
        os.link(os.path.join(packs, name),
                os.path.join(copy, ".dits", "packs", name))


def read_beside(folder, readers):
    """
    Readers with a gc at work, and with the same gc stopped, by turns: what else
    goes on here slows both. (times beside it, times alone, gc's memory)
    """
    cat = ["dits", "cat", "clip"]
    beside, alone = [], []
    gc = subprocess.Popen(["dits", "gc", "-q", "--prune=now"], cwd=folder)
    while True:
        beside.append(measure.run_side_by_side(cat, folder, readers))
        ended, status, usage = os.wait4(gc.pid, os.WNOHANG)
        if ended:
            break
        os.kill(gc.pid, signal.SIGSTOP)
        alone.append(measure.run_side_by_side(cat, folder, readers))
        os.kill(gc.pid, signal.SIGCONT)
    gc.returncode = os.waitstatus_to_exitcode(status)
    if gc.returncode != 0:
        raise Failed("dits gc")
    return beside[:-1], alone, usage.ru_maxrss * 1024


def case_gc(bench):
    """Half of 1,000,000 chunks go, while others read."""
    trial = Trial(bench.scratch, peers.DITS)
    make_garbage(bench, trial)
    copy = os.path.join(trial.base, "copy")
    processors = len(os.sched_getaffinity(0))
    table = Table("Garbage collection: half of 1,000,000 chunks",
                  ["cat alone", "cat meanwhile", "gc, peak memory"])
    bad = 0
    for readers in sorted({1, processors, 2 * processors}):
        beside, alone, memory = [], [], 0
        for _ in range(1 if bench.quick else 2):
            renew(trial.work, copy)
            measure.run_alone(["dits", "cat", "clip"], copy)
            more = read_beside(copy, readers)
            beside, alone = beside + more[0], alone + more[1]
            memory = max(memory, more[2])
        middle = [statistics.median(times) for times in (alone, beside)]
        table.row(f"{readers} at once, {len(alone)} times",
                  middle + [f"{memory / 1e6:.0f} MB"])
        bad += target(f"gc, peak memory, {readers} readers", memory / 1e6, 300,
                      " MB")
        bad += target(f"speed of {readers} readers while gc is at work",
                      middle[0] / middle[1], 0.9, at_least=True)
    trial.run(f"cd '{copy}' && dits fsck --full -q")
    trial.remove()
    return bad


def case_status(bench):
    found, files = status.measure(bench.scratch, bench.quick)
    table = Table(f"Status of {files:,} files",
                  ["least", "to git", "of processors"])
    git = found["git, index preloaded"].seconds
    cached = found["git, untracked cache"]
    for name, figures in found.items():
        table.row(name, [figures.seconds, f"{figures.seconds / git:.3f}",
                         figures.processors])
    return (target("status against git, index preloaded",
                   found["dits"].seconds / git, 0.75) +
            target("against git with its untracked cache",
                   found["dits"].seconds / cached.seconds, 1.1) +
            target("processors' time against that",
                   found["dits"].processors / cached.processors, 1.1) +
            target("with a watcher", found["dits, watcher"].seconds * 1000, 50,
                   " ms"))


CASES = {"add": case_add, "many": case_many, "history": case_history,
         "import": case_import, "memory": case_memory, "media": case_media,
         "weave": case_weave, "merge": case_merge,
         "conflicts": case_conflicts, "long": case_long, "gc": case_gc,
         "status": case_status}
