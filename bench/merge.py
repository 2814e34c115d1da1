"""Merging two branches of a large tree, and switching between near ones."""
import os
import random

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


CONFLICTS, CLIPS = 500, 50


def make_conflicts(trial, count, clips):
    """Branches ours and theirs, which change the same lines and bytes."""
    tool = trial.peer.name
    trial.run(trial.peer.init)
    for branch, number in (("base", 0), ("theirs", 1), ("ours", 2)):
        if number > 0:
            trial.run(f"{tool} switch -q -c {branch} start")
        for i in range(count):
            path = os.path.join(trial.work, f"t{i:04}.txt")
            with open(path, "w", encoding="ascii") as file:
                file.writelines(f"line {line} of {i}, {branch}\n"
                                if line % 50 == 0 else f"line {line}\n"
                                for line in range(200))
        for i in range(clips):
            path = os.path.join(trial.work, f"c{i:04}.bin")
            with open(path, "wb") as file:
                file.write(random.Random(i * 3 + number).randbytes(1 << 20))
        trial.run(trial.peer.add)
        trial.run(trial.peer.commit)
        if number == 0:
            trial.run(f"{tool} branch start")


def write_file(stream, name, number):
    stream.write(f"M 100644 inline {name}.txt\n"
                 f"data {len(str(number))}\n{number}\n")


def write_history(stream, commits):
    """For `git fast-import`: two lines of work, each of half of the commits,
    that part at the first one and meet every thousandth time."""
    when = 1_500_000_000
    tips = {"main": None, "side": None}
    for i in range(commits):
        name = "main" if i % 2 == 0 else "side"
        other = "side" if name == "main" else "main"
        when += 60
        stream.write(f"commit refs/heads/{name}\nmark :{i + 1}\n"
                     f"committer A <a@example.com> {when} +0000\n"
                     f"data 8\ntake{i % 10000:04}\n")
        if tips[name] is not None:
            stream.write(f"from :{tips[name]}\n")
        elif i > 0:
            stream.write("from :1\n")
        if i % 1000 == 999 and i + 2 < commits:
            stream.write(f"merge :{tips[other]}\n")
            write_file(stream, other, i - 1)
        write_file(stream, name, i)
        tips[name] = i + 1
