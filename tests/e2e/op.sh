#!/bin/sh
# dits op log: what was done.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q
    dits commit -q --allow-empty -m "first cut"
    dits tag v1
    dits undo -q
}

test_operations_are_listed_newest_first() {
    dits op log >out
    expect_lines 3 out
    expect_match "^ +3  [-0-9: +]+  dits undo -q \(of 2\)$" out
    expect_match "^ +2  .*dits tag v1 \(undone\)$" out
    expect_match "^ +1  .*dits commit -q --allow-empty -m 'first cut'$" out
}

test_count_and_dates() {
    dits op log -1 >out
    expect_lines 1 out
    dits op log --date=unix -n 2 >out
    expect_each_line '^ +[0-9]+  [0-9]{10}  dits' out
}

test_json() {
    dits op log --json >out
    expect_each_line '^\{"id": [0-9]+, "time": "[^"]+", "user": "[^"]+", "kind": "[a-z]+", "command": "dits .*", "undoes": [0-9]+, "is_undone": (true|false), "can_undo": (true|false), "worktree": null\}$' out
}

test_usage() {
    expect_failure 2 dits op
    expect_match 'ACTION is missing' stderr
    expect_failure 2 dits op lgo
    expect_match "Did you mean 'log'" stderr
}

run_tests
