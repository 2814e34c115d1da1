#!/bin/sh
# dits mv: files and folders get new names.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q
    mkdir shots
    echo one >a.txt
    echo two >shots/b.txt
    dits add .
    dits commit -qm one
}

test_a_file_is_renamed() {
    dits mv a.txt c.txt
    expect_no_file a.txt
    expect_content one c.txt
    dits status -s >out
    expect_match '^R  a.txt -> c.txt' out
}

test_a_folder_is_renamed() {
    dits mv shots scenes
    expect_content two scenes/b.txt
    expect_no_file shots
}

test_several_go_into_a_folder() {
    echo three >c.txt
    dits add c.txt
    dits mv -v a.txt c.txt shots >out
    expect_match '^Renaming a.txt to shots/a.txt$' out
    expect_file shots/c.txt
}

test_a_slash_at_the_end_means_a_folder() {
    expect_failure 1 dits mv a.txt nowhere/
    expect_match "there is no folder 'nowhere/'" stderr
    expect_file a.txt
    dits mv shots scenes/
    expect_content two scenes/b.txt
    dits mv a.txt scenes/
    expect_content one scenes/a.txt
}

test_nothing_is_overwritten_without_force() {
    expect_failure 1 dits mv a.txt shots/b.txt
    expect_content two shots/b.txt
    dits mv -f a.txt shots/b.txt
    expect_content one shots/b.txt
}

test_dry_run_renames_nothing() {
    dits mv -n a.txt c.txt >out
    expect_content 'Renaming a.txt to c.txt' out
    expect_file a.txt
}

test_json() {
    dits mv --json a.txt c.txt >out
    expect_content '{"action": "R", "path": "c.txt", "old_path": "a.txt"}' out
}

test_unknown_and_missing_operands() {
    expect_failure 1 dits mv nothing.txt c.txt
    expect_match "'nothing.txt'" stderr
    expect_failure 2 dits mv a.txt
    expect_match 'destination is missing' stderr
}

run_tests
