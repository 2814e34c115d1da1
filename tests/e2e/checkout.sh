#!/bin/sh
# dits checkout: what hands remember.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    echo one >a.txt
    dits add .
    dits commit -qm one
    dits tag v1
    echo two >a.txt
    dits commit -qam two
    dits branch titles v1
}

test_a_branch() {
    dits checkout titles 2>../out
    expect_content "Switched to branch 'titles'" ../out
    expect_content one a.txt
    dits checkout -q -
    expect_content two a.txt
}

test_a_tag_detaches() {
    dits checkout v1 2>../out
    expect_match '^HEAD is now at [0-9a-f]+ one' ../out
    expect_equal "" "$(dits branch --show-current)"
}

test_a_new_branch() {
    dits checkout -q -b new v1
    expect_content one a.txt
    expect_equal new "$(dits branch --show-current)"
    expect_failure 1 dits checkout -b titles
    dits checkout -q -B titles main
    expect_content two a.txt
}

test_paths_come_from_what_is_staged() {
    echo three >a.txt
    dits checkout -- a.txt
    expect_content two a.txt
    rm a.txt
    touch b.txt
    dits checkout -- a.txt
    expect_content two a.txt
}

test_paths_of_a_revision_are_staged() {
    dits checkout v1 -- a.txt
    expect_content one a.txt
    dits status -s >../out
    expect_match '^M  a.txt' ../out
}

test_files_that_the_revision_has_not_stay() {
    mkdir shots
    echo new >shots/new.txt
    dits add .
    dits commit -qm new
    echo edited >shots/new.txt
    expect_failure 1 dits checkout v1 -- shots
    expect_failure 1 dits checkout v1 -- shots/new.txt
    dits checkout v1 -- .
    expect_content one a.txt
    expect_content edited shots/new.txt
    dits restore -s v1 -SW .
    expect_no_file shots/new.txt
}

test_force() {
    echo three >a.txt
    expect_failure 1 dits checkout titles
    dits checkout -qf titles
    expect_content one a.txt
}

test_detach() {
    dits checkout -q --detach titles
    expect_equal "" "$(dits branch --show-current)"
}

test_json() {
    dits checkout --json titles >../out
    expect_match '^\{"branch": "titles"' ../out
}

test_unknown_and_missing_operands() {
    expect_failure 2 dits checkout
    expect_failure 1 dits checkout nope
    expect_match "'nope' is neither a revision nor a path" stderr
}

run_tests
