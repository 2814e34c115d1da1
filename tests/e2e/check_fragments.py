"""Files made of fragments, against the clip that they were made of.

    check_fragments.py CLIP FIRST LAST PART [keep]

ffprobe reads both. PART must have the packets of the fragments FIRST to LAST of
CLIP (from 1, both included): the same bytes in the same order, with times that
are all shifted by the same, or not at all with `keep`. How many there are is
counted in the boxes of CLIP itself.
"""
import fractions
import json
import struct
import subprocess
import sys


def boxes(data, at, end):
    while at + 8 <= end:
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", data[at + 8:at + 16])[0], 16
        size = size or end - at
        yield kind.decode("latin1"), at + head, at + size
        at += size


def count_samples(name, first, last):
    """By track id, in the fragments; and whether the movie has its own."""
    data = open(name, "rb").read()
    counts, own, number = {}, {}, 0
    for kind, at, end in boxes(data, 0, len(data)):
        if kind == "moov":
            own = count_own(data, at, end)
        if kind != "moof":
            continue
        number += 1
        for child, start, stop in boxes(data, at, end):
            if child != "traf" or not first <= number <= last:
                continue
            track = 0
            for leaf, place, _ in boxes(data, start, stop):
                word, = struct.unpack(">I", data[place + 4:place + 8])
                if leaf == "tfhd":
                    track = word
                if leaf == "trun":
                    counts[track] = counts.get(track, 0) + word
    if first == 1:
        for track, count in own.items():
            counts[track] = counts.get(track, 0) + count
    return counts


def count_own(data, at, end):
    own = {}
    for kind, start, stop in boxes(data, at, end):
        if kind != "trak":
            continue
        track = 0
        todo = [(start, stop)]
        while todo:
            for leaf, place, over in boxes(data, *todo.pop()):
                if leaf == "tkhd":
                    place += 20 if data[place] == 1 else 12
                    track, = struct.unpack(">I", data[place:place + 4])
                if leaf == "stsz":
                    own[track], = struct.unpack(">I", data[place + 8:place + 12])
                if leaf in ("mdia", "minf", "stbl"):
                    todo.append((place, over))
    return own


def probe(name):
    done = subprocess.run(
        ["ffprobe", "-v", "warning", "-of", "json", "-show_data_hash", "md5",
         "-show_packets", "-show_streams", name],
        capture_output=True, text=True, check=True)
    return json.loads(done.stdout), done.stderr


def streams(name):
    found, warnings = probe(name)
    result = {}
    for stream in found["streams"]:
        result[stream["index"]] = {
            "id": int(stream["id"], 16) if "id" in stream else 0,
            "base": fractions.Fraction(stream["time_base"]),
            "packets": [],
        }
    for packet in found["packets"]:
        result[packet["stream_index"]]["packets"].append(
            (packet["data_hash"], packet["size"],
             packet.get("pts"), packet.get("duration")))
    return result, warnings


def find(whole, part):
    """Where the packets of `part` begin in `whole`."""
    content = [packet[:2] for packet in part]
    for at in range(len(whole) - len(part) + 1):
        if [packet[:2] for packet in whole[at:at + len(part)]] == content:
            yield at


def shifts(stream, at, packets):
    for before, after in zip(stream["packets"][at:], packets):
        if before[2] is not None and after[2] is not None:
            yield (before[2] - after[2]) * stream["base"]


def main():
    clip, first, last, part = sys.argv[1:5]
    keep = "keep" in sys.argv[5:]
    whole, known = streams(clip)
    made, warnings = streams(part)
    wrong = []
    counts = count_samples(clip, int(first), int(last))
    # What ffprobe says of the clip it may say of its parts, and of a track of
    # which there is nothing in the range.
    is_whole = all(counts.get(stream["id"]) for stream in made.values())
    if warnings and not known and is_whole:
        wrong.append("warned: " + warnings)
    offsets = []
    for index, stream in made.items():
        packets = stream["packets"]
        wanted = counts.get(stream["id"], 0)
        if len(packets) != wanted:
            wrong.append(f"track {stream['id']}: {len(packets)} packets "
                         f"of {wanted}")
        candidates = [set(shifts(whole[index], at, packets))
                      for at in find(whole[index]["packets"], packets)]
        fits = [found for found in candidates if len(found) <= 1]
        if not fits:
            wrong.append(f"track {stream['id']}: not the packets of the clip")
        elif packets and len(fits) == 1 and fits[0]:
            offsets.append((fits[0].pop(), stream["base"]))
    if offsets:
        spread = max(o for o, _ in offsets) - min(o for o, _ in offsets)
        if spread > max(base for _, base in offsets):
            wrong.append(f"tracks moved against each other by {spread} s")
        if keep and any(o for o, _ in offsets):
            wrong.append("times were not kept")
    for line in wrong:
        print(f"{clip} {first}..{last}: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
