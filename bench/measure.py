"""Timing one command: wall time, processor time, peak memory."""
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass


@dataclass
class Run:
    wall: float  # seconds
    cpu: float  # seconds, all threads and children
    rss: int  # bytes, the largest process


class Failed(Exception):
    """A command that a figure was wanted of did not succeed."""


def run(command, cwd, env=None, limits=None):
    """Run a shell command and measure it. `limits`: (resource, value) pairs."""

    def prepare():
        for name, value in limits or ():
            resource.setrlimit(name, (value, value))

    with tempfile.TemporaryFile() as errors:
        begin = time.monotonic()
        process = subprocess.Popen(
            ["bash", "-c", command], cwd=cwd, env=env, preexec_fn=prepare,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            text = errors.read().decode(errors="replace").strip()
            raise Failed(f"{command}: {text[-400:]}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def run_alone(argv, cwd):
    """Run a program without a shell around it: wall time, in seconds."""
    return run_side_by_side(argv, cwd, 1)


def run_side_by_side(argv, cwd, count):
    """The same `count` times at once, until the last one ends."""
    quiet = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, quiet, fd) for fd in (0, 1, 2)]
    here = os.getcwd()
    os.chdir(cwd)
    try:
        begin = time.perf_counter()
        processes = [os.posix_spawnp(argv[0], argv, os.environ,
                                     file_actions=actions)
                     for _ in range(count)]
        failed = [process for process in processes
                  if os.waitpid(process, 0)[1] != 0]
        wall = time.perf_counter() - begin
    finally:
        os.chdir(here)
        os.close(quiet)
    if failed:
        raise Failed(" ".join(argv))
    return wall


def output(argv, cwd):
    """What a program prints; it measures itself."""
    return subprocess.run(argv, cwd=cwd, capture_output=True, text=True,
                          check=True).stdout


def median(runs):
    """The run whose wall time is the median."""
    return sorted(runs, key=lambda r: r.wall)[(len(runs) - 1) // 2]


def spread(runs):
    walls = [r.wall for r in runs]
    return statistics.pstdev(walls) / statistics.fmean(walls) if walls else 0.0


def warm(path):
    """Bring a file into the page cache, as large folios."""
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 20):
            pass


def back_memory(folder, size):
    """
    Fill so much of the page cache and give it up again. What a virtual machine
    has freed goes back to its host, and whoever gets it next waits for it, for
    seconds: that must not depend on who comes first.
    """
    block = bytes(1 << 20)
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(size >> 20):
            file.write(block)


def folder_size(path):
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            total += os.lstat(os.path.join(folder, name)).st_size
    return total


class Disk:
    """
    A fresh ext4 file system in an image, so that inodes deleted by an earlier
    run do not slow down this one. Without the right to mount, a folder.
    """

    def __init__(self, size, folder):
        self.image = os.path.join(folder, "bench.img")
        self.path = os.path.join(folder, "bench.mnt")
        self.size = size
        self.mounted = False

    def __enter__(self):
        os.makedirs(self.path, exist_ok=True)
        with open(self.image, "wb") as image:
            image.truncate(self.size)
        made = subprocess.run(
            f"mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 "
            f"'{self.image}' && mount -o loop '{self.image}' '{self.path}'",
            shell=True, capture_output=True, check=False)
        self.mounted = made.returncode == 0
        return self.path

    def __exit__(self, *_):
        if self.mounted:
            subprocess.run(["umount", self.path], check=False)
        shutil.rmtree(self.path, ignore_errors=True)
        os.unlink(self.image)
