"""
What Dits is compared with. Each peer is a row of shell commands, run in an
empty folder `work` that holds the input `file` (or `files/`); `$store` is an
empty path beside it. A peer without a command for a step is left out of it.
"""
import os
import shutil
from dataclasses import dataclass


@dataclass(frozen=True)
class Peer:
    name: str
    program: str  # what must be installed
    init: str = "true"
    add: str = None  # first add and repeated add
    commit: str = None
    status: str = None
    restore: str = None  # from an empty work tree

    def is_here(self):
        return shutil.which(self.program) is not None


# Without its collector, which a commit starts behind one's back: it would take a
# processor from whatever is measured next.
GIT = "git init -q . && git config user.name b && git config user.email b@b " \
    "&& git config gc.auto 0"

DITS = Peer(
    "dits", "dits", init="dits init -q . && dits config user.name b && "
    "dits config user.email b@b",
    add="dits add -A .", commit="dits commit -q -m x", status="dits status -s",
    restore="dits restore .")

COPY = Peer(
    "cp; sync", "cp", add='rm -rf "$store" && cp -r . "$store" && sync',
    restore='cp -r "$store"/. .')

PEERS = [
    COPY,
    Peer("git", "git", init=GIT + " && git config core.compression 0 && "
         "git config core.bigFileThreshold 4g",
         add="git add -A .", commit="git commit -q -m x",
         status="git status -s", restore="git checkout -q -- ."),
    Peer("git-lfs", "git-lfs",
         init=GIT + " && git lfs install --local && "
         "git lfs track '*.mov' && git add .gitattributes",
         add="git add -A .", commit="git commit -q -m x",
         status="git status -s", restore="git checkout -q -- ."),
    Peer("git-annex", "git-annex",
         init=GIT + " && git annex init -q b",
         add="git annex add -q .", commit="git commit -q -m x"),
    Peer("restic", "restic",
         init='restic -q init -r "$store"',
         add='restic -q backup --compression off -r "$store" .',
         restore='restic -q restore latest -r "$store" --target .'),
    Peer("borg", "borg",
         init='borg init -e none "$store"',
         add='borg create --compression none "$store::$(date +%s%N)" .',
         restore='borg extract "$store::$(borg list --short --last 1 "$store")"'),
    Peer("casync", "casync",
         add='casync make --store="$store.castr" "$store.caidx" .',
         restore='casync extract --store="$store.castr" "$store.caidx" .'),
    Peer("bup", "bup",
         init='bup -d "$store" init',
         add='bup -d "$store" index . && bup -d "$store" save -q -0 -n b .',
         restore='bup -d "$store" restore -q -C . "b/latest$PWD/."'),
]


def chunks(title, chunker):
    """Chunks cut by content alone, whatever the file is: our own chunker."""
    return Peer(title, "store_bench",
                add=f'for f in *; do store_bench add "$store" "$f" {chunker} 2; '
                    "done")


CHUNKS = [chunks("chunks of 64 KiB", "small"), chunks("of 1 MiB", "large")]


def environment(store):
    env = dict(os.environ, store=store, HOME=os.path.dirname(store),
               RESTIC_PASSWORD="b", BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK="yes",
               BORG_RELOCATED_REPO_ACCESS_IS_OK="yes", LC_ALL="C.UTF-8", TZ="UTC")
    return env
