#!/bin/sh
# dits branch: list, make, rename, delete.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q
    dits commit -q --allow-empty -m one
    dits commit -q --allow-empty -m two
}

test_branches_are_listed() {
    dits branch rough HEAD~1
    dits branch >out
    printf '* main\n  rough\n' | diff - out
    dits branch -v >out
    expect_match '^\* main  [0-9a-f]{7,} two$' out
    expect_match '^  rough [0-9a-f]{7,} one$' out
}

test_the_current_branch_has_a_name() {
    expect_equal main "$(dits branch --show-current)"
    dits switch -q --detach HEAD
    expect_equal "" "$(dits branch --show-current)"
    dits branch >out
    expect_match '^\* \(HEAD detached at [0-9a-f]+\)$' out
}

test_a_name_that_is_taken_needs_force() {
    dits branch rough
    expect_failure 1 dits branch rough HEAD~1
    dits branch -f rough HEAD~1
    expect_equal one "$(dits log -1 --format=%s rough)"
}

test_renaming() {
    dits branch -m trunk
    expect_equal trunk "$(dits branch --show-current)"
    dits branch rough
    dits branch -m rough fine
    dits branch >out
    printf '  fine\n* trunk\n' | diff - out
    expect_failure 1 dits branch -m fine trunk
    dits branch -M fine other
}

test_deleting() {
    dits branch rough
    dits branch -d rough >out
    expect_match '^Deleted branch rough \(was [0-9a-f]+\).$' out
    expect_failure 1 dits branch -d main
    dits switch -qc lonely
    dits commit -q --allow-empty -m three
    dits switch -q main
    expect_failure 1 dits branch -d lonely
    expect_match 'hint:' stderr
    dits branch -D lonely >out
}

test_json() {
    dits branch --json >out
    expect_each_line '^\{"name": "main", "commit": "[0-9a-f]{64}", "is_current": true, "worktree": null, "is_remote": false, "upstream": null\}$' out
}

test_what_is_not_there() {
    expect_failure 1 dits branch -d nope
    expect_match "'nope'" stderr
    expect_failure 1 dits branch new nowhere
    expect_failure 1 dits branch 'bad name'
    expect_failure 2 dits branch a b c
    expect_failure 2 dits branch -d
    expect_failure 2 dits branch -d -m x
}

run_tests
