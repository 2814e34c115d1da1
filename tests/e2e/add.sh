#!/bin/sh
# dits add: what is staged, what is not, what it tells.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q
    echo one >a.txt
    mkdir shots
    echo two >shots/b.txt
}

test_nothing_named_is_explained() {
    dits add 2>stderr
    expect_match 'Nothing specified, nothing added' stderr
    expect_match "dits add \." stderr
}

test_files_and_folders_are_staged() {
    dits add a.txt shots
    dits status -s >out
    printf 'A  a.txt\nA  shots/b.txt\n?? out\n' | diff - out
}

test_dry_run_stages_nothing() {
    dits add -n . >out
    expect_match "^add 'a.txt'$" out
    dits status -s >seen
    expect_no_match "^A" seen
}

test_update_leaves_new_files_alone() {
    dits add a.txt
    dits commit -qm one
    echo more >>a.txt
    dits add -u
    dits status -s >out
    expect_match '^M  a.txt' out
    expect_match '^\?\? shots/' out
}

test_all_stages_removals() {
    dits add .
    dits commit -qm one
    rm a.txt
    dits add -A
    dits status -s >out
    expect_match '^D  a.txt' out
    expect_failure 2 dits add -Au
}

test_ignored_files_need_force() {
    echo '*.tmp' >.ditsignore
    echo x >x.tmp
    expect_failure 1 dits add x.tmp
    expect_match 'hint:' stderr
    dits add -f x.tmp
    dits status -s >out
    expect_match '^A  x.tmp' out
}

test_nothing_is_staged_when_one_file_cannot_be_read() {
    echo x >secret.mov
    chmod 000 secret.mov
    held_back true || skip "permissions cannot be tried here"
    expect_failure 1 held_back dits add .
    expect_match "^dits: cannot read 'secret.mov'" stderr
    dits status -s >out
    expect_no_match '^A' out
    held_back dits add . ':^secret.mov'
    dits status -s >out
    expect_match '^A  a.txt' out
}

test_a_folder_that_cannot_be_read_is_left_out_unless_it_is_tracked() {
    mkdir trash
    chmod 000 trash
    held_back true || skip "permissions cannot be tried here"
    held_back dits add . 2>stderr
    expect_match "^warning: 'trash' cannot be read: left out" stderr
    dits status -s >out
    expect_match '^A  shots/b.txt' out
    chmod 000 shots
    expect_failure 1 held_back dits add -u
    expect_match "^dits: the folder 'shots' holds tracked files" stderr
}

test_json_lists_the_paths_and_the_cost() {
    dits add --json a.txt >out
    expect_lines 2 out
    expect_match '^\{"action": "A", "path": "a.txt"\}$' out
    expect_last_line '\{"files_added": 1, .*"bytes": 4, .*\}' out
}

test_verbose_names_each_path() {
    dits add -v a.txt shots >out 2>&1
    expect_match "^add 'shots/b.txt'$" out
    expect_match '^added 2 files, 8 bytes' out
}

test_a_path_that_is_not_there() {
    expect_failure 1 dits add nothing.mov
    expect_match "^dits: .*'nothing.mov'" stderr
}

test_outside_of_a_repository() {
    mkdir "$HOME/../elsewhere"
    cd "$HOME/../elsewhere"
    expect_failure 1 dits add .
    expect_match 'hint:' stderr
}

run_tests
