#!/bin/sh
# dits gc: garbage goes, everything else stays.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    make_bytes clip.mov 1000000
    dits add .
    dits commit -qm one
}

test_nothing_to_remove() {
    dits gc --prune=now >../out
    expect_match '^removed 0 chunks \(0 bytes\), kept [0-9]+' ../out
    dits gc -q >../out
    expect_empty ../out
}

test_what_is_kept_is_whole() {
    dits gc --prune=now >../out
    dits fsck --full >../out
    dits cat clip.mov >../clip.mov
    expect_same clip.mov ../clip.mov
}

test_dry_run() {
    dits gc -n --prune=now >../out
    expect_match '^would remove ' ../out
}

test_json() {
    dits gc --json >../out
    expect_each_line '^\{"live_chunks": [0-9]+, "live_bytes": [0-9]+, "removed_chunks": 0, "removed_bytes": 0, "packs_before": [0-9]+, "packs_after": [0-9]+, "resumed": false\}$' ../out
}

test_what_makes_no_sense() {
    expect_failure 1 dits gc --prune=someday
    expect_failure 2 dits gc all
}

run_tests
