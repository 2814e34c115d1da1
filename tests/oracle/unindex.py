"""Takes out of media what its container says of where decoding can start.

Nothing moves: boxes become free space, flags are changed where they are. So
each picture is where it was, and what an oracle said of the untouched file
still holds. There are two ways to say nothing: `as_sync` tells whether each
sample is then called sync (as in a movie without a table of sync samples) or
none (a table without entries, no flag set).
"""
import struct

# ISO/IEC 14496-12: boxes that hold boxes, and where these begin.
BOXES_IN = {b"moov": 0, b"trak": 0, b"mdia": 0, b"minf": 0, b"stbl": 0,
            b"moof": 0, b"traf": 0, b"mvex": 0}
GONE = {b"stps", b"sbgp", b"sgpd", b"sdtp", b"mfra", b"sidx", b"csgp"}
NOT_SYNC = 0x00010000

# Matroska: masters that hold what is looked for.
EBML_IN = {0x18538067, 0x1F43B675, 0xA0}
CUES, SIMPLE_BLOCK, REFERENCE, VOID = 0x1C53BB6B, 0xA3, 0xFB, 0xEC
MXF_INDEX = bytes.fromhex("060e2b34025301010d01020101100100")
MXF_FILL = bytes.fromhex("060e2b34010101020301021001000000")


def u32(data, at):
    return struct.unpack_from(">I", data, at)[0]


# --- MP4 and QuickTime ---

def boxes(data, at, end):
    """(type, start, start of the body, end) of each box."""
    while end - at >= 8:
        size, head = u32(data, at), 8
        if size == 1 and end - at >= 16:
            size, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        if size == 0:
            size = end - at
        if size < head or size > end - at:
            return
        yield bytes(data[at + 4:at + 8]), at, at + head, at + size
        at += size


def put_flags(data, at, as_sync):
    struct.pack_into(">I", data, at, 0 if as_sync else NOT_SYNC)


def blank_tfhd(data, at, as_sync):
    flags, at = u32(data, at) & 0xffffff, at + 8
    for bit, size in ((1, 8), (2, 4), (8, 4), (0x10, 4)):
        at += size if flags & bit else 0
    if flags & 0x20:
        put_flags(data, at, as_sync)


def blank_trun(data, at, end, as_sync):
    flags, count, at = u32(data, at) & 0xffffff, u32(data, at + 4), at + 8
    at += 4 if flags & 1 else 0
    if flags & 4:
        put_flags(data, at, as_sync)
        at += 4
    before = (4 if flags & 0x100 else 0) + (4 if flags & 0x200 else 0)
    row = before + (4 if flags & 0x400 else 0) + (4 if flags & 0x800 else 0)
    if flags & 0x400:
        for start in range(at, min(at + count * row, end - row + 1), row):
            put_flags(data, start + before, as_sync)


def unindex_boxes(data, at, end, as_sync):
    for kind, start, body, stop in boxes(data, at, end):
        if kind in GONE or (kind == b"stss" and as_sync):
            data[start + 4:start + 8] = b"free"
        elif kind == b"stss":
            struct.pack_into(">I", data, body + 4, 0)
        elif kind == b"trex":
            put_flags(data, body + 20, as_sync)
        elif kind == b"tfhd":
            blank_tfhd(data, body, as_sync)
        elif kind == b"trun":
            blank_trun(data, body, stop, as_sync)
        elif kind in BOXES_IN:
            unindex_boxes(data, body, stop, as_sync)


# --- Matroska ---

def ebml_number(data, at, keep_marker):
    """(value, size) of a variable number; (None, 1) of a size unknown."""
    first = data[at] if at < len(data) else 0
    size = 9 - first.bit_length()
    if first == 0 or at + size > len(data):
        return None, 0
    value = int.from_bytes(data[at:at + size], "big")
    if keep_marker:
        return value, size
    value &= (1 << 7 * size) - 1
    return (None if value == (1 << 7 * size) - 1 else value), size


def put_void(data, at, stop):
    """Free space in place of an element of at least ten bytes."""
    data[at] = VOID
    data[at + 1:at + 9] = (stop - at - 9 | 1 << 56).to_bytes(8, "big")


def blank_block(data, body, as_sync):
    _, size = ebml_number(data, body, False)
    at = body + size + 2
    data[at] = data[at] | 0x80 if as_sync else data[at] & 0x7f


def unindex_ebml(data, at, end, as_sync):
    while at < end:
        name, name_size = ebml_number(data, at, True)
        size, size_size = ebml_number(data, at + name_size, False)
        if not name_size or not size_size:
            return
        body = at + name_size + size_size
        stop = end if size is None else min(body + size, end)
        if name in EBML_IN:
            # Of unknown size is a live stream; its clusters follow each other.
            unindex_ebml(data, body, stop, as_sync)
        elif name == CUES and stop - at >= 10:
            put_void(data, at, stop)
        elif name == SIMPLE_BLOCK:
            blank_block(data, body, as_sync)
        elif name == REFERENCE and as_sync:
            data[at] = VOID
        at = stop


# --- AVI, transport streams, MXF ---

def unindex_riff(data, at, end, as_sync):
    while end - at >= 8:
        kind = bytes(data[at:at + 4])
        size = struct.unpack_from("<I", data, at + 4)[0]
        stop = min(at + 8 + size, end)
        if kind in (b"RIFF", b"LIST"):
            unindex_riff(data, at + 12, stop, as_sync)
        elif kind == b"idx1" and as_sync:
            for row in range(at + 8, stop - 15, 16):
                data[row + 4] |= 0x10
        elif kind in (b"idx1", b"indx") or kind[:2] == b"ix":
            data[at:at + 4] = b"JUNK"
        at = stop + (size & 1)


def unindex_packets(data, stride):
    for at in range(stride - 188, len(data) - 187, stride):
        if data[at] == 0x47 and data[at + 3] & 0x20 and data[at + 4] > 0:
            data[at + 5] &= ~0x40


def unindex_mxf(data):
    at = data.find(MXF_INDEX)
    while at >= 0:
        data[at:at + 16] = MXF_FILL
        at = data.find(MXF_INDEX, at)


def unindex(data, container, as_sync):
    """Changes `data`, a bytearray; whether there is a way for `container`."""
    if container in ("matroska", "webm"):
        unindex_ebml(data, 0, len(data), as_sync)
    elif container == "avi":
        unindex_riff(data, 0, len(data), as_sync)
    elif container in ("mpegts", "m2ts"):
        unindex_packets(data, 188 if data[0] == 0x47 else 192)
    elif container == "mxf":
        unindex_mxf(data)
    elif bytes(data[4:8]) in (b"ftyp", b"moov", b"mdat", b"wide", b"free",
                              b"styp", b"skip", b"sidx"):
        unindex_boxes(data, 0, len(data), as_sync)
    else:
        return False
    return True
