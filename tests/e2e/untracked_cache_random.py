"""
Change a work tree in every way there is, and compare what is said with the
cache of what is not tracked to what is said without it.

    untracked_cache_random.py SEED STEPS        in a fresh, empty folder

OTHER_CONFIG is XDG_CONFIG_HOME of a user who does without.
"""
import os
import sys
import time

from work_tree_changes import ACTIONS, begin, change, compare, dits, rng, steps

CACHE = ".dits/untracked"
ALL = ["status", "--porcelain", "-uall", "--ignored"]
OTHERS = [["status", "-s"], ["status", "-s", "-uno"], ["status", "--ignored"],
          ["status", "-s", "-uall", "a"], ["status", "-s", "--", "c", "a/b"],
          ["diff", "--name-status"], ["add", "-An", "."],
          ["grep", "-l", "--untracked", "1"]]
DAMAGE = [lambda: os.unlink(CACHE), lambda: os.truncate(CACHE, 50)]


def ask(command, environment):
    os.environ.pop("XDG_CONFIG_HOME", None)
    os.environ.update(environment)
    return dits(*command, ok=None)


begin()
used = 0
for step in range(steps):
    done = change(ACTIONS)
    if rng.random() < 0.6:
        time.sleep(0.03)  # until a change of a folder shows
    if rng.random() < 0.05 and os.path.exists(CACHE):
        rng.choice(DAMAGE)()
    for command in [ALL, rng.choice(OTHERS), ALL]:
        seen = ask(command, {})
        used += os.path.exists(CACHE)
        wanted = ask(command, {"XDG_CONFIG_HOME": os.environ["OTHER_CONFIG"]})
        compare(f"step {step}: {done}: {command}", wanted, seen)
    ask(["version"], {})
if used < steps:
    sys.exit(f"there was a file in {used} of {3 * steps} cases")
