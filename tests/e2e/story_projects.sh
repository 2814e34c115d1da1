#!/bin/sh
# Packed project files come back byte for byte, and a new version costs what it
# changed.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    cat >../make.py <<'END'
import gzip, random, sys, zipfile, zlib

version, how, name = sys.argv[1:]
rng = random.Random(7)
lines = ['<Clip ObjectID="%d"><Start>%d</Start><Media>%032x</Media></Clip>'
         % (i, rng.randrange(1 << 40), rng.getrandbits(128))
         for i in range(30000)]
if version == "2":
    lines[15000] = "<Clip><Start>moved</Start></Clip>"
plain = "\n".join(lines).encode()
if how == "gzip":
    packer = zlib.compressobj(6, zlib.DEFLATED, -15, 8)
    body = packer.compress(plain) + packer.flush()
    with open(name, "wb") as out:
        out.write(b"\x1f\x8b\x08\0\0\0\0\0\0\x0b" + body)
        out.write(zlib.crc32(plain).to_bytes(4, "little"))
        out.write(len(plain).to_bytes(4, "little"))
elif how == "zip":
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as out:
        for member, data in (("project.xml", plain[:900000]),
                             ("SeqContainer/1.xml", plain[900000:])):
            info = zipfile.ZipInfo(member, (2026, 11, 25, 3, 0, 0))
            out.writestr(info, data, zipfile.ZIP_DEFLATED)
        out.writestr(zipfile.ZipInfo("thumbnail.png"), rng.randbytes(20000))
END
}

make() {
    python3 ../make.py "$@"
}

# Bytes of all packs.
packed_bytes() {
    find .dits/packs -name '*.pack' -printf '%s\n' | awk '{ n += $1 } END { print n }'
}

two_versions() {
    make 1 "$1" "$2"
    cp "$2" ../first
    dits add "$2"
    dits commit -qm one
    before=$(packed_bytes)
    make 2 "$1" "$2"
    cp "$2" ../second
    dits add "$2"
    dits commit -qm two
    grown=$(($(packed_bytes) - before))
    size=$(stat -c %s "$2")
    [ "$grown" -lt $((size / 4)) ] || fail "$grown more bytes for $size"
    dits restore -s HEAD~1 "$2"
    expect_same ../first "$2"
    dits restore -s HEAD "$2"
    expect_same ../second "$2"
    dits cat "$2" >../out
    expect_same ../second ../out
    dits fsck --full >../fsck
}

test_a_new_version_of_a_gzip_project_costs_little() {
    two_versions gzip edit.prproj
}

test_a_new_version_of_a_zip_project_costs_little() {
    two_versions zip edit.drp
}

test_all_that_reads_chunks_understands_it() {
    two_versions gzip edit.prproj
    dits chunks edit.prproj >../chunks
    dits stats >../stats
    dits diff --stat HEAD~1 HEAD >../diff
    dits gc >../gc
    dits fsck --full >../fsck
    dits cat edit.prproj >../out
    expect_same ../second ../out
}

test_a_truncated_project_is_stored_as_it_is() {
    make 1 zip edit.drp
    head -c 1000000 edit.drp >cut.drp
    cp cut.drp ../cut
    dits add -A
    dits commit -qm cut
    rm cut.drp
    dits restore cut.drp
    expect_same ../cut cut.drp
}

run_tests
