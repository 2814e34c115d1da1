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
    expect_each_line '^\{"live_chunks": [0-9]+, "live_bytes": [0-9]+, "removed_chunks": 0, "removed_bytes": 0, "packs_before": [0-9]+, "packs_after": [0-9]+, "resumed": false, "offline_packs": 0\}$' ../out
}

# gc_is STATE: the gc in the background has come to that.
gc_is() {
    dits gc --status --json >../status
    grep -q "\"state\": \"$1\"" ../status
}

test_in_the_background() {
    dits gc --status >../out
    expect_match '^no gc has run here$' ../out
    dits gc --background --prune=now >../out
    expect_empty ../out
    eventually gc_is "done"
    dits gc --status >../out
    expect_match '^the gc begun .* removed 0 chunks \(0 bytes\)$' ../out
    expect_match '^0 operations since' ../out
    expect_match '^removed 0 chunks' .dits/gc.log
    expect_each_line '^\{"state": "done", "started": [0-9]+, "ended": [0-9]+, "removed_chunks": 0, "removed_bytes": 0, "error": null, "operations": 0, "auto_operations": 1000\}$' ../status
}

is_nice() { [ "$(ps -o ni= -p "$1")" -eq 10 ]; }

# Where all processors are busy others come first.
test_it_gives_way() {
    for command in gc prune repack; do
        (
            exec 9>.dits/store.lock
            flock -s 9
            dits $command -q &
            eventually is_nice $!
            flock -u 9
            wait $!
        )
    done
}

test_one_at_a_time() {
    (
        exec 9>.dits/gc.lock
        flock 9
        expect_failure 1 dits gc
        expect_match 'another gc is at work' stderr
        dits gc --background
        eventually test -s .dits/gc.log
        expect_match 'another gc is at work' .dits/gc.log
    )
    dits gc -q
}

test_a_gc_that_fails_says_so_later() {
    rm .dits/packs/*
    dits gc --background
    eventually gc_is failed
    dits gc --status >../out
    expect_match '^the gc begun .* failed: cannot tell what is needed' ../out
}

test_commits_start_one_when_it_is_due() {
    dits gc --auto
    dits commit -q --allow-empty -m two
    expect_no_file .dits/gc.log
    dits config gc.auto 2
    dits commit -q --allow-empty -m three
    eventually gc_is "done"
    expect_file .dits/gc.log
    rm .dits/gc.log
    dits commit --allow-empty -m four 2>../note
    expect_empty ../note
    dits commit --allow-empty -m five 2>../note
    expect_match 'started in the background' ../note
    eventually gc_is "done"
    dits config gc.auto 0
    dits commit -q --allow-empty -m six
    dits commit -q --allow-empty -m seven
    dits commit --allow-empty -m eight 2>../note
    expect_empty ../note
}

test_what_makes_no_sense() {
    expect_failure 1 dits gc --prune=someday
    expect_failure 2 dits gc all
    expect_failure 2 dits gc --background --status
    expect_failure 2 dits gc --auto --prune=now
    dits config gc.auto often
    expect_failure 1 dits gc --status
}

run_tests
