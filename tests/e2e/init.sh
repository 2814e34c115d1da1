#!/bin/sh
# dits init: a new repository, one that is there already, and what goes wrong.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

test_a_folder_becomes_a_repository() {
    dits init >out
    expect_match "^Initialized empty Dits repository in $PWD/.dits/$" out
    expect_equal main "$(dits branch --show-current)"
}

test_the_folder_is_made() {
    dits init -q "day one" >out
    expect_empty out
    expect_file "day one/.dits/config"
}

test_again_changes_nothing() {
    dits init -q
    echo x >a
    dits add a
    dits commit -qm one
    dits init >out
    expect_match '^Reinitialized existing' out
    dits log --oneline >seen
    expect_lines 1 seen
}

test_the_first_branch_has_a_name() {
    dits init -q -b assembly
    expect_equal assembly "$(dits branch --show-current)"
    expect_failure 1 dits init -b 'no..name' other
}

test_json() {
    dits init --json >out
    expect_match '^\{"path": ".*/.dits", "existed": false\}$' out
}

test_usage() {
    expect_failure 2 dits init a b
    expect_match "^dits: unexpected 'b'$" stderr
    expect_match "^  hint: See 'dits init -h'." stderr
}

run_tests
