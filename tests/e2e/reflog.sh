#!/bin/sh
# dits reflog: where HEAD and branches have been.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q
    dits commit -q --allow-empty -m one
    dits commit -q --allow-empty -m two
    dits switch -qc titles
    dits commit -q --allow-empty -m three
}

test_head_has_one() {
    dits reflog >out
    expect_match '^[0-9a-f]{7,} HEAD@\{0\}: commit: three$' out
    expect_match 'HEAD@\{1\}: .*moving from main to titles' out
    expect_match 'HEAD@\{3\}: commit \(initial\): one$' out
}

test_branches_have_one() {
    dits reflog main >out
    expect_lines 2 out
    expect_match 'main@\{0\}: commit: two' out
}

test_its_names_are_revisions() {
    expect_equal two "$(dits log -1 --format=%s 'HEAD@{1}')"
}

test_count_and_dates() {
    dits reflog -1 >out
    expect_lines 1 out
    dits reflog -n 2 --date=short >out
    expect_each_line 'HEAD@\{[0-9]{4}-[0-9]{2}-[0-9]{2}\}: ' out
}

test_json() {
    dits reflog --json -1 >out
    expect_each_line '^\{"ref": "HEAD", "number": 0, "before": "[0-9a-f]{64}", "after": "[0-9a-f]{64}", "who_name": "Test Editor", .*"message": "commit: three"\}$' out
}

test_old_entries_expire() {
    dits reflog expire --expire=now --all 2>note
    expect_content 'dropped 0 entries' note # they are young
    DITS_DATE=2100-01-01 dits reflog expire --dry-run main 2>note
    expect_content 'would drop 1 entry' note
    DITS_DATE=2100-01-01 dits reflog expire --all 2>note
    expect_content 'dropped 5 entries' note
    dits reflog >out
    expect_lines 1 out
    dits reflog show main >out
    expect_lines 1 out
}

test_an_entry_is_deleted() {
    dits reflog delete 'main@{1}' 2>note
    expect_content 'dropped 1 entry' note
    dits reflog main >out
    expect_lines 1 out
    dits reflog delete --json '@{0}' >out
    expect_content '{"dropped": 1}' out
    dits reflog >out
    expect_match '^[0-9a-f]{7,} HEAD@\{0\}: .*moving from main' out
    dits gc -q --prune=now
    dits log --format=%s main >out
    expect_lines 2 out
}

test_what_makes_no_sense() {
    expect_failure 2 dits reflog expire
    expect_failure 2 dits reflog expire --all main
    expect_failure 2 dits reflog --all
    expect_failure 2 dits reflog --dry-run
    expect_failure 2 dits reflog delete
    expect_failure 2 dits reflog delete main
    expect_failure 2 dits reflog delete 'main@{yesterday}'
    expect_failure 1 dits reflog delete 'main@{7}'
    expect_failure 1 dits reflog expire --expire=someday main
    expect_failure 1 dits reflog nope
    expect_failure 2 dits reflog --date=never
    expect_failure 2 dits reflog a b
}

run_tests
