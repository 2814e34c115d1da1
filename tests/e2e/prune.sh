#!/bin/sh
# dits prune: garbage goes, and only garbage.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# What was staged long ago and never committed; its operations have expired.
setup() {
    dits init -q repo
    cd repo
    make_bytes clip.mov 300000
    make_bytes take.mov 200000 2
    DITS_DATE=2020-01-01 dits add .
    DITS_DATE=2020-01-01 dits restore --staged take.mov
    DITS_DATE=2020-01-01 dits commit -qm one
    find .dits/packs -name '*.pack' -exec touch -d 2020-01-01 {} +
    dits config ops.expire '1 day'
}

test_what_undo_needs_is_no_garbage() {
    dits prune >../out 2>../note
    expect_content 'removed 0 chunks (0 bytes)' ../note
    expect_empty ../out
}

test_garbage_is_listed_and_goes() {
    dits gc -q --prune=2019-01-01 # operations expire
    dits prune -n >../out 2>../note
    expect_each_line '^[0-9a-f]{64} (data|asset|tree) [0-9]+$' ../out
    expect_match '^would remove [0-9]+ chunks' ../note
    before=$(wc -l <../out)
    dits prune -v >../removed 2>../note
    sort ../out >../sorted
    sort ../removed | diff - ../sorted
    expect_match "^removed $before chunks" ../note
    dits prune -n >../out 2>../note
    expect_empty ../out
    dits fsck --full >../out
    expect_match 'nothing is damaged' ../out
    expect_no_match 'garbage' ../out
}

test_young_garbage_stays() {
    dits gc -q --prune=2019-01-01
    dits prune --expire=2019-06-01 2>../note
    expect_content 'removed 0 chunks (0 bytes)' ../note
}

test_json() {
    dits gc -q --prune=2019-01-01
    dits prune --json >../out
    expect_last_line '\{"level": "result", "removed_chunks": [1-9][0-9]*, "removed_bytes": [0-9]+, "live_chunks": [0-9]+, "live_bytes": [0-9]+\}' ../out
    head -n 1 ../out >../first
    expect_match '^\{"level": "garbage", "id": "[0-9a-f]{64}", "kind": "(data|asset|tree)", "size": [0-9]+\}$' ../first
}

test_what_makes_no_sense() {
    expect_failure 1 dits prune --expire=someday
    expect_failure 2 dits prune all
}

run_tests
