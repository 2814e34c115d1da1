#!/bin/sh
# dits archive: tar and zip files that others read.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# 150 bytes, so that a path of two such parts fits no header of tar.
long=$(printf 'long%.0s' $(seq 37))

setup() {
    dits init -q repo
    cd repo
    mkdir -p "shots/day 1" empty "$long/$long"
    make_bytes shots/clip.mov 3000000
    yes 'compressible text' | head -n 200000 >shots/notes.txt
    echo run >run.sh
    chmod +x run.sh
    : >nothing
    ln -s shots/clip.mov link
    ln -s "$long/$long/$long" far
    echo umlaut >"shots/day 1/Übung ✓.txt"
    echo deep >"$long/$long/deep.txt"
    dits add .
    DITS_DATE=@1700000001 dits commit -qm one
    dits tag v1
    echo changed >run.sh
    mkdir ../out
}

# Everything that was added, with its times and modes.
expect_tree() {
    (cd .. && rm -rf wanted && mkdir wanted && cp -a repo/. wanted && rm -r \
        wanted/.dits wanted/empty)
    echo run >../wanted/run.sh
    diff -r --no-dereference ../wanted "$1" >&2 || fail "another tree"
    [ -x "$1/run.sh" ] || fail "run.sh cannot be run"
    [ ! -x "$1/nothing" ] || fail "nothing can be run"
    [ -L "$1/link" ] || fail "no symlink"
}

expect_time() {
    expect_equal 1700000001 "$(stat -c %Y "$1")"
}

test_tar_by_tar() {
    dits archive >../out.tar
    tar tf ../out.tar >../names
    expect_match '^shots/day 1/$' ../names
    expect_match '^shots/day 1/Übung' ../names
    expect_lines 12 ../names
    tar xf ../out.tar -C ../out
    expect_tree ../out
    expect_time ../out/run.sh
    expect_time ../out/shots
    expect_equal 0 "$(($(wc -c <../out.tar) % 10240))"
}

test_tar_by_bsdtar() {
    command -v bsdtar >/dev/null || skip "no bsdtar"
    dits archive --format tar.zst v1 >../out.tar.zst
    bsdtar xf ../out.tar.zst -C ../out
    expect_tree ../out
    expect_time ../out/shots/clip.mov
}

test_tar_by_python() {
    dits archive v1 -o ../out.tar
    python3 - ../out.tar "$long" <<'END'
import sys, tarfile
with tarfile.open(sys.argv[1], "r:") as tar:
    members = tar.getmembers()
    assert len(tar.pax_headers["comment"]) == 64
    for member in members:
        assert member.mtime == 1700000001 and member.uid == 0, member
        assert member.uname == "root"
        if member.isfile():
            assert len(tar.extractfile(member).read()) == member.size
    names = [member.name for member in members]
    assert sys.argv[2] + "/" + sys.argv[2] + "/deep.txt" in names
    assert tar.getmember("far").linkname == "/".join([sys.argv[2]] * 3)
END
}

test_compressed_tar() {
    dits archive -o ../out.tar
    dits archive -o ../out.tar.gz
    dits archive -o ../out.tgz
    dits archive -o ../out.tar.zst
    expect_same ../out.tar.gz ../out.tgz
    gzip -dc ../out.tar.gz | cmp - ../out.tar
    if command -v zstd >/dev/null; then
        zstd -qdc ../out.tar.zst | cmp - ../out.tar
    fi
    [ "$(wc -c <../out.tar.gz)" -lt 3100000 ]
    [ "$(wc -c <../out.tar.zst)" -lt 3100000 ]
}

test_zip_by_python() {
    dits archive -o ../out.zip --prefix film/ v1
    python3 - ../out.zip <<'END'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as zip:
    assert zip.testzip() is None
    assert len(zip.comment) == 64
    names = zip.namelist()
    assert names[0] == "film/" and "film/shots/day 1/Übung ✓.txt" in names
    assert zip.read("film/run.sh") == b"run\n"
    info = zip.getinfo("film/run.sh")
    assert info.external_attr >> 16 == 0o100755
    assert info.date_time == (2023, 11, 14, 22, 13, 20), info.date_time
    assert zip.read("film/link") == b"shots/clip.mov"
    assert zip.getinfo("film/link").external_attr >> 16 == 0o120777
    text = zip.getinfo("film/shots/notes.txt")
    assert text.compress_size < text.file_size / 20
    clip = zip.getinfo("film/shots/clip.mov")
    assert clip.compress_size < clip.file_size * 1.001
END
}

test_zip_by_unzip() {
    command -v unzip >/dev/null || skip "no unzip"
    dits archive -o ../out.zip
    unzip -qt ../out.zip >../said
    unzip -q ../out.zip -d ../out
    expect_tree ../out
    expect_time ../out/run.sh
}

test_zip_by_bsdtar_that_cannot_seek() {
    command -v bsdtar >/dev/null || skip "no bsdtar"
    dits archive --format=zip | cat | bsdtar xf - -C ../out
    expect_same shots/clip.mov ../out/shots/clip.mov
    expect_same shots/notes.txt ../out/shots/notes.txt
}

test_the_same_bytes_every_time() {
    for format in tar tar.gz tar.zst zip; do
        dits archive --format $format v1 >../one
        DITS_DATE=@1800000000 dits archive --format $format HEAD >../two
        expect_same ../one ../two
    done
}

test_only_some_paths() {
    dits archive v1 shots/notes.txt run.sh | tar tf - >../names
    printf 'run.sh\nshots/\nshots/notes.txt\n' | diff -u - ../names
    cd shots
    dits archive -- '*.txt' | tar tf - | grep -v /day >../../names
    printf 'shots/\nshots/notes.txt\n' | diff -u - ../../names
    dits archive | tar tf - >../../names
    expect_lines 12 ../../names
    expect_failure 1 dits archive v1 -- nothing.mov
}

test_a_tree_has_no_time() {
    dits archive v1:shots | tar tvf - >../names
    expect_match '1970-01-01.* clip.mov$' ../names
    dits archive --format zip 'v1^{tree}' >../out.zip
    python3 -c 'import sys, zipfile
zip = zipfile.ZipFile(sys.argv[1])
assert zip.comment == b""
assert zip.getinfo("run.sh").date_time == (1980, 1, 1, 0, 0, 0)' ../out.zip
}

test_prefixes() {
    dits archive --prefix=a/b/ v1 run.sh | tar tf - >../names
    printf 'a/\na/b/\na/b/run.sh\n' | diff -u - ../names
    dits archive --prefix=film- v1 run.sh | tar tf - >../names
    printf 'film-run.sh\n' | diff -u - ../names
    for prefix in /a/ ../ a/../../ a//b/ ./ ..; do
        expect_failure 1 dits archive --prefix=$prefix -o x.tar
        expect_match "cannot stand before names" stderr
        expect_no_file x.tar
    done
}

test_more_files_than_zip_can_count() {
    mkdir many
    python3 -c 'for i in range(66000):
    open("many/%d" % i, "w").close()'
    dits add many
    dits commit -qm many
    dits archive -o ../out.zip HEAD many
    python3 -c 'import sys, zipfile
assert len(zipfile.ZipFile(sys.argv[1]).namelist()) == 66001' ../out.zip
    if command -v unzip >/dev/null; then
        unzip -qt ../out.zip >../said
    fi
}

test_damage_does_not_get_out() {
    pack=$(find .dits/packs -name '*.pack' -size +1000k)
    chmod u+w "$pack"
    patch_byte "$pack" 1500000
    echo before >../out.tar
    expect_failure 1 dits archive -o ../out.tar
    expect_match "cannot archive 'shots/clip.mov'" stderr
    expect_content before ../out.tar
}

test_usage() {
    expect_failure 2 dits archive --format rar
    expect_failure 2 dits archive --json
    expect_failure 1 dits archive nowhere
    expect_failure 1 dits archive -o nowhere/x.tar
}

run_tests
