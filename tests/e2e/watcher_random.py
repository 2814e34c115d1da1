"""
Change a work tree in every way there is, and compare what `status` says with
a watcher's help to what it says when it looks at everything.

    watcher_random.py SEED STEPS        in a fresh, empty folder
"""
import json
import os
import signal

from work_tree_changes import (ACTIONS, begin, change, compare, dits, edit,
                               rng, steps)


def kill():
    state = json.loads(dits("watcher", "status", "--json", ok=(0, 1)))
    if state["runs"]:
        os.kill(state["process"], signal.SIGKILL)
        if rng.random() < 0.5:
            edit()
    dits("-q", "watcher", "start")


begin()
dits("-q", "watcher", "start")
for step in range(steps):
    done = change(ACTIONS * 2 + [kill])
    options = rng.choice([[], [], ["-uno"]])
    with_watcher = dits("status", "-s", *options)
    without = dits("status", "-s", *options, ":/")
    compare(f"step {step}: {done}", without, with_watcher)
dits("watcher", "stop")
