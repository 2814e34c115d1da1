#!/bin/sh
# dits revert: changes taken back with new commits.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    seq 1 20 >a.txt
    dits add .
    dits commit -qm base
    sed -i '1s/.*/first/' a.txt
    dits commit -qam "first line"
    make_bytes clip.bin 200000
    dits add .
    dits commit -qm "a clip"
    sed -i '$s/.*/last/' a.txt
    dits commit -qam "last line"
}

test_a_change_is_taken_back() {
    hex=$(dits log -n 1 --skip 2 --format=%H)
    dits revert HEAD~2 >../out
    expect_match '^\[main [0-9a-f]{7}\] Revert "first line"$' ../out
    expect_equal "1 last" "$(sed -n '1p;$p' a.txt | paste -sd ' ')"
    dits log -n 1 --format=%b >../out
    expect_match "This reverts commit $hex\." ../out
    dits revert -q HEAD
    expect_equal 'Revert "Revert "first line""' "$(dits log -n 1 --format=%s)"
    expect_equal first "$(head -n 1 a.txt)"
}

test_a_range_is_taken_back_newest_first() {
    dits revert HEAD~3..HEAD >../out
    expect_lines 3 ../out
    seq 1 20 | cmp - a.txt
    [ ! -e clip.bin ]
    expect_equal 'Revert "first line"' "$(dits log -n 1 --format=%s)"
    dits undo -q
    expect_equal "last line" "$(dits log -n 1 --format=%s)"
    [ -e clip.bin ]
}

test_conflicts_stop_it() {
    sed -i '1s/.*/again/' a.txt
    dits commit -qam again
    refused 1 dits revert HEAD~3
    expect_status 'UU a.txt
'
    dits status >../out
    expect_match 'currently reverting commit' ../out
    dits resolve -q --theirs a.txt
    dits revert -q --continue
    expect_equal 1 "$(head -n 1 a.txt)"
    expect_equal "Test Editor" "$(dits log -n 1 --format=%an)"
    dits undo -q && dits undo -q
    dits revert --abort
    expect_equal again "$(head -n 1 a.txt)"
    expect_status ''
}

test_without_a_commit_it_is_staged() {
    dits revert -n HEAD~1
    expect_status 'D  clip.bin
'
}

test_a_merge_is_taken_back_to_a_parent() {
    dits switch -qc topic HEAD~1
    echo new >new.txt
    dits add .
    dits commit -qm topic
    dits switch -q main
    dits merge -q topic
    refused 1 dits revert HEAD
    dits revert -q -m 1 HEAD
    [ ! -e new.txt ]
    dits log -n 1 --format=%b >../out
    expect_match 'reversing$' ../out
    expect_match '^changes made to [0-9a-f]{64}\.' ../out
}

test_json_and_mistakes() {
    dits revert --json HEAD >../out
    expect_match '"outcome": "done"' ../out
    refused 2 dits revert
    refused 1 dits revert nothing
    refused 1 dits revert --skip
}

run_tests
