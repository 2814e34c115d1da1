"""What `dits media` and the oracles answer, read for comparing.

An oracle is a folder FILE.oracle/ beside a file, with what other tools said of
it: ffprobe.json, packets.csv (stream, pts, dts, duration, size, offset, flags),
mediainfo.json and others.
"""
import collections
import csv
import fnmatch
import json
import subprocess
from fractions import Fraction

SECONDS = 60  # for one file


def reach(tree, path):
    """'facts.a.b' in {'facts': {'a.b': 1}} as in {'facts': {'a': {'b': 1}}}."""
    head, _, rest = path.partition(".")
    if not isinstance(tree, dict):
        return None
    if path in tree:
        return tree[path]
    return reach(tree.get(head), rest) if rest else None


def number(value):
    if isinstance(value, bool):
        return Fraction(int(value))
    if isinstance(value, int):
        return Fraction(value)
    try:
        return Fraction(str(value).replace(":", "/"))
    except (ValueError, ZeroDivisionError):
        return None


def run(program, *arguments):
    done = subprocess.run([program, "media", "--json", *arguments],
                          capture_output=True, timeout=SECONDS, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"status {done.returncode}: {done.stderr[-300:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def load(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def by_id(media, streams):
    """Pairs of our tracks and ffprobe's streams: by id, else by order."""
    known = {int(s["id"], 16): s for s in streams if "id" in s}
    # Items of HEIF have numbers of their own, which tracks may have as well.
    taken = {t["id"] for t in media["tracks"] if t["kind"] != "image"}
    tracks = [t for t in media["tracks"]
              if t["kind"] != "image" or t["id"] not in taken]
    if known and len(known) == len(streams):
        return [(t, known[t["id"]]) for t in tracks if t["id"] in known]
    return list(zip(tracks, streams)) if len(tracks) == len(streams) else []


def key_packets(path, oracle, media):
    """{stream: what each packet with the K flag is known by}"""
    keys = collections.defaultdict(set)
    _, column = keyframe_column(media)
    data = path.read_bytes() if media["container"] == "mxf" else None
    try:
        rows = csv.reader((oracle / "packets.csv").open())
        for row in rows:
            if len(row) >= 7 and row[6].startswith("K") and \
                    row[column].lstrip("-").isdigit():
                place = int(row[column])
                keys[int(row[0])].add(place + klv_header(data, place)
                                      if data else place)
    except OSError:
        pass
    return keys


def klv_header(data, at):
    """Bytes of key and length: ffprobe gives the place of the key."""
    length = data[at + 16]
    return 17 + (length & 0x7f if length & 0x80 else 0)


def keyframe_column(media):
    """What a keyframe is known by: our member and the column of packets.csv.

    Of Matroska, ffprobe gives the place of the block, not of its frame.
    """
    by_time = media["container"] in ("matroska", "webm")
    return ("pts", 1) if by_time else ("offset", 5)


def files_of(corpus, only):
    for oracle in sorted(corpus.rglob("*.oracle")):
        path = oracle.with_suffix("")
        name = str(path.relative_to(corpus))
        if path.is_file() and (not only or
                               any(fnmatch.fnmatch(name, p) or
                                   name.startswith(p) for p in only)):
            yield name, path, oracle


