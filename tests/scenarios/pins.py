"""The differences that are known: `differences.md`, word for word.

There a heading of the third level names scenarios, and each of them has a block
of code that begins with its name; below it is what `run` prints. A section of
the second level says of all that follow whether they stay.
"""
import functools
import pathlib
import re

FILE = pathlib.Path(__file__).resolve().parent / "differences.md"
BLOCK = re.compile(r"^```\n(\S+/\S+)\n(.*?)^```$", re.M | re.S)
SECTION = re.compile(r"^## (.*)$", re.M)


@functools.lru_cache(None)
def known():
    """Section and lines of each scenario that differs."""
    found = {}
    text = FILE.read_text(encoding="utf-8")
    parts = SECTION.split(text)[1:]
    for section, body in zip(parts[::2], parts[1::2]):
        for name, lines in BLOCK.findall(body):
            if name in found:
                raise SystemExit(f"{FILE.name}: {name} stands there twice")
            found[name] = (section, lines.splitlines())
    return found


def verdict(name, lines):
    """PASS where scenario and file agree, else FAIL and what is otherwise."""
    _, pinned = known().get(name, ("", []))
    if lines == pinned:
        return "PASS", []
    if not pinned:
        return "FAIL", lines
    if not lines:
        return "FAIL", ["the difference in differences.md is gone"]
    return "FAIL", ["another difference than in differences.md:", *lines]


def unused(names):
    return [f"differences.md: there is no scenario {name}"
            for name in known() if name not in names]


def figures():
    sections = {}
    for section, _ in known().values():
        sections[section] = sections.get(section, 0) + 1
    for section, count in sections.items():
        yield f"figure: scenarios that differ, {section.lower()}: {count}"
