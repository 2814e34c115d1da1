#!/bin/sh
# dits redo: what was undone is done again.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    echo one >a.txt
    dits add .
    dits commit -qm one
    echo two >a.txt
    dits commit -qam two
}

test_what_was_undone_comes_back() {
    dits undo -q
    dits redo >../out
    expect_match '^redid operation [0-9]+: dits commit -qam two$' ../out
    expect_equal two "$(dits log -1 --format=%s)"
    dits status -s >../out
    expect_empty ../out
}

test_in_the_order_it_was_undone() {
    dits tag v1
    dits undo -q
    dits undo -q
    dits redo -q
    dits redo -q
    dits tag >../out
    expect_content v1 ../out
}

test_nothing_to_redo() {
    expect_failure 1 dits redo
    expect_match 'hint:|nothing' stderr
    dits undo -q
    dits tag v1
    expect_failure 1 dits redo
}

test_json_and_usage() {
    dits undo -q
    dits redo --json >../out
    expect_match '"kind": "commit"' ../out
    expect_failure 2 dits redo 1
}

run_tests
