"""Files made of fragments, against the clip that they were made of.

    check_fragments.py CLIP FIRST LAST PART [keep]

ffprobe reads both. PART must have the packets of the fragments FIRST to LAST of
CLIP (from 1, both included): the same bytes in the same order, with times that
are all shifted by the same, or not at all with `keep`. How many there are is
counted in the boxes of CLIP itself. Encryption is compared apart, by what the
offsets of 'saio' lead to.
"""
import fractions
import json
import os
import struct
import subprocess
import sys
import tempfile


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
        waiting = [(start, stop)]
        while waiting:
            for leaf, place, over in boxes(data, *waiting.pop()):
                if leaf == "tkhd":
                    place += 20 if data[place] == 1 else 12
                    track, = struct.unpack(">I", data[place:place + 4])
                if leaf == "stsz":
                    own[track], = struct.unpack(">I", data[place + 8:place + 12])
                if leaf in ("mdia", "minf", "stbl"):
                    waiting.append((place, over))
    return own


def find_trafs(data):
    """Of each fragment: where its 'moof' is, and the insides of its 'traf's."""
    for kind, at, end in boxes(data, 0, len(data)):
        if kind == "moof":
            yield at - 8, [(start, stop)
                           for child, start, stop in boxes(data, at, end)
                           if child == "traf"]


def hide_encryption(data):
    """`data` with free space where the encryption of samples is described.

    libavformat 5.1 takes a packet's description from the fragment whose header
    it read last, whichever one the packet is in, and gives up where that has no
    such sample ("Incorrect number of samples in encryption info"): mostly at
    the second fragment, and in the original just as in its parts, or in a clip
    made of whole boxes of it. Places and times of packets do not depend on it.
    """
    shown = bytearray(data)
    for _, trafs in find_trafs(data):
        for start, stop in trafs:
            for kind, at, _ in boxes(data, start, stop):
                if kind in ("senc", "saiz", "saio"):
                    shown[at - 4:at] = b"free"
    return bytes(shown)


def encryption(name, first, last):
    """What each 'saio' leads to, as many bytes as its 'saiz' says."""
    data = open(name, "rb").read()
    found = []
    for moof, trafs in list(find_trafs(data))[first - 1:last]:
        for start, stop in trafs:
            inside = {kind: at for kind, at, _ in boxes(data, start, stop)}
            if "saio" in inside and "saiz" in inside:
                base, is_known = base_of(data, inside["tfhd"], moof)
                assert is_known or trafs[0] == (start, stop)
                found.append(described(data, base, inside))
    return found


def base_of(data, tfhd, moof):
    """What offsets are counted from; only for the first 'traf' if unknown."""
    flags, = struct.unpack(">I", data[tfhd:tfhd + 4])
    if flags & 1:
        return struct.unpack(">Q", data[tfhd + 8:tfhd + 16])[0], True
    return moof, bool(flags & 0x20000)


def described(data, base, inside):
    saiz, saio = inside["saiz"], inside["saio"]
    saiz += 12 if data[saiz + 3] & 1 else 4
    size, count = struct.unpack(">BI", data[saiz:saiz + 5])
    total = size * count or sum(data[saiz + 5:saiz + 5 + count])
    is_long = data[saio] > 0
    saio += 12 if data[saio + 3] & 1 else 4
    entries, = struct.unpack(">I", data[saio:saio + 4])
    assert entries == 1
    place, = struct.unpack_from(">Q" if is_long else ">I", data, saio + 4)
    assert total > 0 and base + place + total <= len(data)
    return data[base + place:base + place + total]


def run_probe(name):
    done = subprocess.run(
        ["ffprobe", "-v", "warning", "-of", "json", "-show_data_hash", "md5",
         "-show_packets", "-show_streams", name],
        capture_output=True, text=True, check=True)
    return json.loads(done.stdout), done.stderr


def probe(name):
    data = open(name, "rb").read()
    shown = hide_encryption(data)
    if shown == data:
        return run_probe(name)
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "shown.mp4")
        with open(copy, "wb") as out:
            out.write(shown)
        return run_probe(copy)


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
    first, last = int(first), int(last)
    counts = count_samples(clip, first, last)
    if encryption(clip, first, last) != encryption(part, 1, last - first + 1):
        wrong.append("the encryption of samples is described otherwise")
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
