#!/bin/sh
# dits restore: the work tree and what is staged go back.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q
    echo one >a.txt
    dits add .
    dits commit -qm one
    echo two >a.txt
    dits commit -qam two
}

test_the_work_tree_goes_back_to_what_is_staged() {
    echo three >a.txt
    dits add a.txt
    echo four >a.txt
    dits restore a.txt
    expect_content three a.txt
}

test_a_removed_file_comes_back() {
    rm a.txt
    dits restore a.txt
    expect_content two a.txt
}

test_staged_undoes_add() {
    echo three >a.txt
    dits add a.txt
    dits restore --staged a.txt
    expect_content three a.txt
    dits status -s >out
    expect_match '^ M a.txt' out
}

test_source_names_a_commit() {
    dits restore --source=HEAD~1 a.txt
    expect_content one a.txt
    dits status -s >out
    expect_match '^ M a.txt' out
    dits restore -SW -s HEAD~1 a.txt
    dits status -s >out
    expect_match '^M  a.txt' out
}

test_what_was_overwritten_can_be_had_back() {
    echo precious >a.txt
    dits restore a.txt
    expect_content two a.txt
    dits undo >out
    expect_content precious a.txt
}

test_json() {
    echo x >a.txt
    dits restore --json a.txt >out
    expect_match '"path": "a.txt"' out
}

test_unknown_and_missing_operands() {
    expect_failure 1 dits restore nothing.txt
    expect_match "'nothing.txt'" stderr
    expect_failure 1 dits restore -s nowhere a.txt
    expect_failure 2 dits restore
}

run_tests
