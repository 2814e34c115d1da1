#!/bin/sh
# dits chunks: the listing, its filters, its JSON, and what can go wrong.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    make_video shot.mov 4
    dits add shot.mov
    dits commit -qm "first cut"
}

test_chunks_cover_every_byte() {
    size=$(wc -c <shot.mov)
    dits chunks --json shot.mov >../out
    sum=$(sed 's/.*"size": \([0-9]*\),.*/\1/' ../out | awk '{ sum += $1 } END { print sum }')
    expect_equal "$size" "$sum"
    dits chunks shot.mov >../out
    expect_match '^ +0 +[0-9]+ +[0-9]+  [0-9a-f]{16}  ' ../out
    expect_last_line '[0-9]+ chunks?, .*, stored as .*, cut as .*' ../out
}

test_json_has_one_object_per_chunk() {
    dits chunks --json shot.mov >../out
    expect_each_line '^\{"offset": [0-9]+, "size": [0-9]+, .*"present": true, "pack": ".*"\}$' ../out
}

test_nothing_is_missing() {
    dits chunks --missing --json shot.mov >../out
    expect_empty ../out
}

test_revisions() {
    dits chunks -r HEAD shot.mov >../out
    dits chunks HEAD:shot.mov >../other
    expect_same ../out ../other
    dits chunks :shot.mov >../other
    expect_same ../out ../other
}

test_an_unknown_path_is_explained() {
    expect_failure 1 dits chunks nothing.mov
    expect_match "^dits: cannot list the chunks of 'nothing.mov'" stderr
    expect_match '^  because ' stderr
}

test_a_forgotten_path_is_a_usage_error() {
    expect_failure 2 dits chunks
    expect_match '^dits: FILE is missing$' stderr
}

run_tests
