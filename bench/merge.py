"""Merging two branches of a large tree, and switching between near ones."""
import os

import measure
import peers

FILES, FOLDERS = 1_000_000, 1_000
EACH = 5  # files of each folder that one side changes

GIT = peers.Peer("git", "git", init=peers.GIT, add="git add -A .",
                 commit="git commit -q -m x")


def write(work, folders, numbers, text):
    """Files of a few bytes, of these numbers in every folder."""
    for folder in range(folders):
        place = os.path.join(work, f"d{folder:04}")
        os.makedirs(place, exist_ok=True)
        for number in numbers:
            path = os.path.join(place, f"f{number:04}")
            with open(path, "w", encoding="ascii") as file:
                file.write(f"{text} {folder} {number}\n")


def make(trial, folders, per_folder):
    """Branches ours and theirs, which change other files, and near."""
    tool = trial.peer.name
    trial.run(trial.peer.init)
    write(trial.work, folders, range(per_folder), "file")
    trial.run(trial.peer.add)
    trial.run(trial.peer.commit)
    trial.run(f"{tool} branch start")
    for branch, first, count, where in (("theirs", 0, EACH, folders),
                                        ("near", 20, 1, 5),
                                        ("ours", 10, EACH, folders)):
        trial.run(f"{tool} switch -q -c {branch} start")
        write(trial.work, where, range(first, first + count), branch)
        trial.run(trial.peer.add)
        trial.run(trial.peer.commit)


def median_of(trial, before, command, repeat):
    runs = []
    for _ in range(repeat):
        trial.run(before)
        os.sync()
        runs.append(trial.run(command))
    return measure.median(runs)


def run(trial, repeat):
    """What a merge takes, and a switch over five files."""
    tool = trial.peer.name
    merge = median_of(trial, f"{tool} switch -q -C trial ours",
                      f"{tool} merge -q -m both theirs", repeat)
    switch = median_of(trial, f"{tool} switch -q start",
                       f"{tool} switch -q near", repeat)
    return merge, switch
