#!/bin/sh
# dits switch: branches, commits, and what is in the way.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    echo one >a.txt
    dits add .
    dits commit -qm one
    dits switch -qc titles
    echo two >a.txt
    echo title >t.txt
    dits add .
    dits commit -qm two
    dits switch -q main
}

test_the_work_tree_follows() {
    expect_content one a.txt
    expect_no_file t.txt
    dits switch titles 2>../out
    expect_content "Switched to branch 'titles'" ../out
    expect_content two a.txt
    dits switch titles 2>../out
    expect_content "Already on 'titles'" ../out
}

test_a_dash_goes_back() {
    dits switch -q titles
    dits switch - 2>../out
    expect_content "Switched to branch 'main'" ../out
    dits switch -q -
    expect_equal titles "$(dits branch --show-current)"
}

test_branches_before_have_a_name() {
    dits switch -q -c third
    dits switch -q '@{-2}'
    expect_equal titles "$(dits branch --show-current)"
    dits checkout -q '@{-1}'
    expect_equal third "$(dits branch --show-current)"
    expect_failure 1 dits switch '@{-99}'
    expect_failure 1 dits switch '@{-1'
}

test_create() {
    dits switch -c new titles 2>../out
    expect_content "Switched to a new branch 'new'" ../out
    expect_content two a.txt
    expect_failure 1 dits switch -c titles
    dits switch -q -C titles main
    expect_content one a.txt
}

test_detach() {
    expect_failure 1 dits switch titles~1
    expect_match 'hint:' stderr
    dits switch --detach titles~1 2>../out
    expect_match '^HEAD is now at [0-9a-f]+ one$' ../out
    dits switch main 2>../out
    expect_match "^Switched to branch 'main'" ../out
}

test_changes_not_in_the_way_stay() {
    echo note >n.txt
    dits switch -q titles
    expect_content note n.txt
}

test_changes_in_the_way_stop_it() {
    echo precious >a.txt
    expect_failure 1 dits switch titles
    cat stderr >../stderr
    expect_match 'a.txt' ../stderr
    expect_content precious a.txt
    dits switch -qf titles
    expect_content two a.txt
    dits undo >../out
    expect_content precious a.txt
    expect_equal main "$(dits branch --show-current)"
}

test_force_makes_room_where_a_folder_is_and_undo_brings_it_back() {
    rm a.txt
    mkdir a.txt
    echo precious >a.txt/notes
    expect_failure 1 dits switch titles
    expect_content precious a.txt/notes
    dits switch -q -f titles
    [ -f a.txt ]
    dits undo -q
    expect_content precious a.txt/notes
}

test_json() {
    dits switch --json titles >../out
    expect_each_line '^\{"branch": "titles", "before": "[0-9a-f]{64}", "after": "[0-9a-f]{64}", "files_written": 2, "files_removed": 0\}$' ../out
}

test_unknown_and_missing_operands() {
    expect_failure 1 dits switch nope
    expect_match "'nope'" stderr
    expect_failure 2 dits switch
    expect_match 'BRANCH is missing' stderr
    expect_failure 2 dits switch -c a --detach
}

test_a_branch_can_begin_anew() {
    dits init -q anew
    cd anew
    echo one >a.txt
    dits add .
    dits commit -qm one
    echo loose >loose.txt
    dits switch --orphan fresh 2>../err
    expect_match "Switched to a new branch 'fresh'" ../err
    expect_equal "fresh loose.txt" "$(dits branch --show-current) $(ls)"
    dits undo -q
    expect_equal "main one" "$(dits branch --show-current) $(cat a.txt)"
    dits redo -q
    expect_no_file a.txt
    dits add .
    dits commit -qm "another root"
    expect_equal "another root" "$(dits log --format=%s)"
    expect_failure 1 dits switch --orphan main
    expect_failure 2 dits switch --orphan new main
    expect_failure 2 dits switch --orphan new -c other
}

run_tests
