#!/usr/bin/env python3
"""A terminal that answers as it is told, for `dits ui`.

    answering_terminal.py kitty|sixel|silent PICTURE.png

Runs `dits ui` in the current folder, opens the first file of the newest commit,
takes the picture out of what is sent, and compares it with PICTURE.png. Exits
with 0 when it is the same, to the last pixel, or for sixel in the mean. As
"silent" it answers nothing, ever: then there must be no such picture, and the
program must end all the same.
"""
import base64
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time
import zlib

ANSWERS = {
    "kitty": {b"\033_Gi=31": b"\033_Gi=31;OK\033\\", b"\033[16t": b"\033[6;20;10t",
              b"\033[c": b"\033[?62;c"},
    "sixel": {b"\033[16t": b"\033[6;20;10t", b"\033[c": b"\033[?62;4c"},
    "silent": {},
}
LIMIT = 20.0  # seconds, for anything


class Terminal:
    def __init__(self, way):
        self.answers = dict(ANSWERS[way])
        self.bytes = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execvp("dits", ["dits", "ui"])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 40, 100, 0, 0))

    def read(self):
        """Whether there was anything to read."""
        if not select.select([self.fd], [], [], 0.05)[0]:
            return True
        try:
            part = os.read(self.fd, 65536)
        except OSError:
            return False
        self.bytes += part
        for question, answer in list(self.answers.items()):
            if question in self.bytes:
                os.write(self.fd, answer)
                del self.answers[question]
        return part != b""

    def until(self, wanted):
        end = time.monotonic() + LIMIT
        while not re.search(wanted, self.bytes, re.S):
            if time.monotonic() > end or not self.read():
                sys.exit(f"never saw {wanted!r} in {self.bytes[-3000:]!r}")

    def press(self, keys):
        self.bytes = b""
        os.write(self.fd, keys)

    def end(self):
        self.press(b"qqq")
        end = time.monotonic() + LIMIT
        while self.read():
            if time.monotonic() > end:
                sys.exit("it does not end")
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def read_png(name):
    """Width, height and rows of RGB: what Dits writes, eight bits of each."""
    data = open(name, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            width, height, bits, color = struct.unpack(">IIBB",
                                                       data[at + 8:at + 18])
            assert (bits, color) == (8, 2)
        packed += data[at + 8:at + 8 + size] if kind == b"IDAT" else b""
        at += size + 12
    raw, last, rows = zlib.decompress(packed), bytes(width * 3), []
    for y in range(height):
        kind, *line = raw[y * (width * 3 + 1):(y + 1) * (width * 3 + 1)]
        line = bytearray(line)
        for i in range(len(line)):
            left = line[i - 3] if i > 2 else 0
            corner = last[i - 3] if i > 2 else 0
            guess = left + last[i] - corner
            near = min((abs(guess - v), n, v)
                       for n, v in enumerate((left, last[i], corner)))[2]
            line[i] = (line[i] + (0, left, last[i], (left + last[i]) // 2,
                                  near)[kind]) & 255
        rows.append(bytes(line))
        last = line
    return rows


def read_kitty(data):
    """The picture that is sent in one or more parts."""
    first = re.search(rb"\033_G(a=T[^;]*);", data)
    keys = dict(pair.split(b"=") for pair in first[1].split(b","))
    assert keys[b"f"] == b"24" and keys[b"C"] == b"1", keys
    text = b""
    for more, part in re.findall(rb"\033_G(?:a=T[^;]*,)?m=([01]);([^\033]*)\033\\",
                                 data[first.start():]):
        text += part
        if more == b"0":
            break
    pixels, width = base64.b64decode(text), int(keys[b"s"])
    assert len(pixels) == width * int(keys[b"v"]) * 3
    return [pixels[i:i + width * 3] for i in range(0, len(pixels), width * 3)]


def read_sixel(data):
    """What a terminal would have drawn."""
    found = re.search(rb"\033P[0-9;]*q(.*?)\033\\", data, re.S)
    body, palette, color, x, top = found[1], {}, 0, 0, 0
    size = re.match(rb'"1;1;(\d+);(\d+)', body)
    width, height = int(size[1]), int(size[2])
    rows = [bytearray(width * 3) for _ in range(height)]
    drawn = 0
    token = re.compile(rb"#(\d+)(?:;2;(\d+);(\d+);(\d+))?|!(\d+)([?-~])|([?-~])|([$-])")
    at = size.end()
    while at < len(body):
        m = token.match(body, at)
        assert m, body[at:at + 20]
        at = m.end()
        if m[1] is not None:
            color = int(m[1])
            if m[2] is not None:
                palette[color] = [int(v) * 255 // 100 for v in m.group(2, 3, 4)]
        elif m[8] is not None:
            x, top = 0, top + (6 if m[8] == b"-" else 0)
        else:
            count, bits = int(m[5] or 1), (m[6] or m[7])[0] - 63
            for i in range(x, x + count):
                for k in range(6):
                    if bits >> k & 1:
                        rows[top + k][i * 3:i * 3 + 3] = bytes(palette[color])
                        drawn += 1
            x += count
    assert drawn == width * height, (drawn, width, height)
    return [bytes(row) for row in rows]


def scaled(rows, width, height):
    """Each pixel is the mean of what it covers, as Dits makes them."""
    def span(at, count, total):
        first, last = at * total // count, (at + 1) * total // count
        return range(first, max(last, first + 1))

    out = []
    for y in range(height):
        line = bytearray()
        for x in range(width):
            area = [rows[v][u * 3:u * 3 + 3]
                    for v in span(y, height, len(rows))
                    for u in span(x, width, len(rows[0]) // 3)]
            line += bytes((sum(p[k] for p in area) + len(area) // 2) // len(area)
                          for k in range(3))
        out.append(bytes(line))
    return out


def means(rows, parts=8):
    """The mean colour of each of parts by parts fields."""
    height, width = len(rows), len(rows[0]) // 3
    fields = []
    for y in range(parts):
        for x in range(parts):
            area = [rows[v][u * 3 + k]
                    for v in range(y * height // parts, (y + 1) * height // parts)
                    for u in range(x * width // parts, (x + 1) * width // parts)
                    for k in range(3)]
            fields.append([sum(area[k::3]) / (len(area) // 3) for k in range(3)])
    return fields


def main():
    way, name = sys.argv[1:]
    terminal = Terminal(way)
    terminal.until(rb"History")
    terminal.press(b"\r")
    terminal.until(rb"changed")
    terminal.press(b"\r")
    terminal.until(rb"after.*video")
    read = {"kitty": read_kitty, "sixel": read_sixel}.get(way)
    ends = {"kitty": rb"m=0;[^\033]*\033\\", "sixel": rb"\033P.*?\033\\",
            "silent": rb"\xe2\x96\x80"}
    terminal.until(ends[way])
    picture = terminal.bytes
    status = terminal.end()
    assert status == 0, status
    if read is None:
        assert b"\033P" not in picture and b"\033_G" not in picture
        return
    sent, original = read(picture), read_png(name)
    width, height = len(sent[0]) // 3, len(sent)
    wanted = scaled(original, width, height)
    shape = abs(width / height - len(original[0]) / 3 / len(original))
    worst = max(abs(a - b) for one, two in zip(means(sent), means(wanted))
                for a, b in zip(one, two))
    print(f"{way}: {width}x{height}, worst mean off by {worst:.1f}")
    assert shape < 0.1 and worst < 3, (shape, worst)
    if way == "kitty":
        assert sent == wanted
        assert b"\033_Ga=d,d=A" in terminal.bytes  # taken off again


main()
