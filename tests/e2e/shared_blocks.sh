#!/bin/sh
# Files of one content share their blocks, where the file system can.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    mkdir reel
    make_bytes a.mov 9000000 1
    cp a.mov reel/b.mov
    cp a.mov c.mov
    chmod +x c.mov
    make_bytes d.mov 9000000 2
    dits add .
    dits commit -qm first
    cp a.mov ../a
    cp d.mov ../d
    rm -r a.mov reel c.mov d.mov
}

expect_files() {
    expect_same ../a a.mov
    expect_same ../a reel/b.mov
    expect_same ../a c.mov
    expect_same ../d d.mov
    [ -x c.mov ] || fail "it is not executable"
    dits status -s >../out
    expect_empty ../out
}

test_the_files_are_the_same_with_or_without() {
    dits restore -q .
    expect_files
    echo change >>reel/b.mov
    expect_same ../a a.mov
    dits status -s >../out
    expect_content ' M reel/b.mov' ../out
}

test_blocks_are_shared() {
    cp --reflink=always ../a ../probe 2>/dev/null || skip "no shared blocks here"
    sync
    before=$(df --output=used -k . | tail -n 1)
    dits restore -q .
    sync
    after=$(df --output=used -k . | tail -n 1)
    [ "$((after - before))" -lt 24000 ] || fail "$((after - before)) KB were taken"
    expect_files
}

run_tests
