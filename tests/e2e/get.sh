#!/bin/sh
# dits get: the content of dropped files comes back.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    mkdir shots
    make_bytes shots/a.mov 300000 1
    make_bytes shots/b.mov 200000 2
    make_bytes c.mov 100000 3
    dits add .
    dits commit -qm first
    cp -r shots c.mov ..
    dits drop -q .
}

test_files_and_folders() {
    dits get shots/a.mov >../out 2>../err
    expect_content "get 'shots/a.mov'" ../out
    expect_match '^got 1 files, 300.0 KB$' ../err
    expect_same ../shots/a.mov shots/a.mov
    cd shots
    dits get -q .
    cd ..
    expect_same ../shots/b.mov shots/b.mov
    dits ls --dropped >../out
    expect_content c.mov ../out
    dits status -s >../out
    expect_empty ../out
}

test_undo() {
    dits get -q .
    dits undo >../out
    dits ls --dropped >../out
    expect_lines 3 ../out
    dits redo >../out
    expect_same ../c.mov c.mov
}

test_what_it_stands_for_comes_back_whatever_is_staged() {
    dits get -q c.mov
    patch_byte c.mov 5
    cp c.mov ../new.mov
    dits commit -qam second
    dits drop -q c.mov
    dits reset -q HEAD~1
    dits status -s >../out
    expect_content ' M c.mov' ../out
    dits get -q c.mov
    expect_same ../new.mov c.mov
    dits status -s >../out
    expect_content ' M c.mov' ../out
}

test_modes_are_kept() {
    dits get -q c.mov
    chmod +x c.mov
    dits commit -qam executable
    dits drop -q c.mov
    dits status -s >../out
    expect_empty ../out
    dits get -q c.mov
    [ -x c.mov ] || fail "it is not executable"
    expect_same ../c.mov c.mov
}

test_dry_run_json_and_errors() {
    dits get -n . >../out 2>../err
    expect_lines 3 ../out
    expect_match '^would get 3 files' ../err
    dits get --json c.mov >../out
    expect_content '{"action": "M", "path": "c.mov"}' ../out
    dits get c.mov >../out
    expect_empty ../out
    expect_failure 1 dits get nothing
    expect_failure 2 dits get
}

run_tests
