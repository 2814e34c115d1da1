#!/bin/sh
# dits ls: names, sizes, ids.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    mkdir shots
    echo one >a.txt
    make_bytes shots/clip.mov 1234567
    dits add .
    dits commit -qm one
    dits tag v1
    echo new >b.txt
    dits add b.txt
}

test_names() {
    dits ls >../out
    printf 'a.txt\nshots/\n' | diff - ../out
    dits ls -r >../out
    printf 'a.txt\nshots/clip.mov\n' | diff - ../out
    dits ls -d >../out
    expect_content shots/ ../out
    dits ls -rz | tr '\0' ';' >../out
    expect_equal 'a.txt;shots/clip.mov;' "$(cat ../out)"
}

test_details() {
    dits ls -lr >../out
    expect_match '^f +4 bytes  [0-9a-f]{7,}  a.txt$' ../out
    expect_match '^f +1.2 MB  [0-9a-f]{7,}  shots/clip.mov$' ../out
}

test_revisions_and_paths() {
    dits ls v1 -r shots >../out
    expect_content shots/clip.mov ../out
    dits ls --staged >../out
    expect_match '^b.txt$' ../out
    dits ls -r -- '*.mov' >../out
    expect_content shots/clip.mov ../out
}

test_json() {
    dits ls --json a.txt >../out
    expect_each_line '^\{"path": "a.txt", "mode": "f", "id": "[0-9a-f]{64}", "size": 4, "content": "[0-9a-f]{64}"\}$' ../out
}

test_what_makes_no_sense() {
    expect_failure 1 dits ls nope
    expect_failure 2 dits ls v1 HEAD
    expect_failure 2 dits ls --staged v1
}

run_tests
