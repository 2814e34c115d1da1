#!/bin/sh
# dits undo: the last command, or a chosen one, is taken back.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    echo one >a.txt
    dits add .
    dits commit -qm one
}

test_a_commit_is_taken_back() {
    echo two >a.txt
    dits commit -qam two
    dits undo >../out
    expect_match "^undid operation [0-9]+: dits commit -qam two$" ../out
    dits log --format=%s >../out
    expect_content one ../out
    expect_content two a.txt
    dits status -s >../out
    expect_match 'a.txt' ../out
}

test_again_and_again() {
    dits branch x
    dits branch y
    dits undo -q
    dits undo -q
    dits branch >../out
    expect_content '* main' ../out
}

test_a_chosen_one() {
    dits tag v1
    dits branch x
    number=$(dits op log --json | sed -n 's/^{"id": \([0-9]*\).*"dits tag v1".*/\1/p')
    dits undo "$number" >../out
    dits tag >../out
    expect_empty ../out
    dits branch >../out
    expect_match ' x$' ../out
}

test_json() {
    dits tag v1
    dits undo --json >../out
    expect_match '"kind": "tag.*"command": "dits tag v1".*"is_undone": true' ../out
}

test_nothing_to_undo() {
    dits init -q ../fresh
    cd ../fresh
    expect_failure 1 dits undo
    expect_failure 1 dits undo 99
    expect_failure 2 dits undo first
    expect_match "'first' is no number" stderr
}

run_tests
