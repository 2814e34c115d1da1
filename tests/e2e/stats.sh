#!/bin/sh
# dits stats: figures that agree with what was stored.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    make_bytes clip.mov 1000000
    cp clip.mov copy.mov
    dits add .
    dits commit -qm one
}

test_the_table() {
    dits stats >../out
    expect_match '^commits +1$' ../out
    expect_match '^file versions +2  2.0 MB$' ../out
    expect_match '^distinct contents +1  1.0 MB$' ../out
    expect_match '^ratio of all versions to the disk: 1.9' ../out
    expect_match 'KiB +[0-9]+  #+$' ../out
    expect_no_match ' $' ../out
}

test_json() {
    dits stats --json >../out
    expect_each_line '^\{"commits": 1, "files": 2, "distinct_files": 1, "logical_bytes": 2000000, "distinct_bytes": 1000000, .*"histogram": \[[0-9, ]+\]\}$' ../out
}

test_an_empty_repository() {
    dits init -q ../fresh
    dits -C ../fresh stats >../out
    expect_match '^commits +0$' ../out
}

test_usage() {
    expect_failure 2 dits stats now
}

run_tests
