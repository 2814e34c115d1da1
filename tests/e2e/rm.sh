#!/bin/sh
# dits rm: files go, from the work tree or only from what is tracked.
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

test_a_file_is_removed() {
    dits rm a.txt >out
    expect_content "rm 'a.txt'" out
    expect_no_file a.txt
    dits status -s >out
    expect_match '^D  a.txt' out
}

test_a_folder_needs_r() {
    expect_failure 1 dits rm shots
    expect_file shots/b.txt
    dits rm -qr shots >out
    expect_empty out
    expect_no_file shots
}

test_what_is_staged_alone_is_not_lost() {
    echo staged >a.txt
    dits add a.txt
    dits rm -q --cached a.txt # the file has it
    dits undo >out
    echo edited >a.txt
    expect_failure 1 dits rm --cached a.txt
    expect_match 'neither in the file nor in HEAD' stderr
    expect_equal staged "$(dits cat :a.txt)"
    dits rm -q -f --cached a.txt
    expect_equal edited "$(cat a.txt)"
    dits undo >out
    expect_equal staged "$(dits cat :a.txt)"
    rm a.txt
    dits rm -q --cached a.txt
}

test_cached_keeps_the_file() {
    dits rm --cached a.txt >out
    expect_file a.txt
    dits status -s >out
    expect_match '^D  a.txt' out
    expect_match '^\?\? a.txt' out
}

test_changes_are_not_lost() {
    echo more >>a.txt
    expect_failure 1 dits rm a.txt
    expect_match 'hint:' stderr
    expect_file a.txt
    dits rm -f a.txt >out
    expect_no_file a.txt
    dits undo >out
    printf 'one\nmore\n' | diff - a.txt
}

test_dry_run_removes_nothing() {
    dits rm -n a.txt >out
    expect_content "rm 'a.txt'" out
    expect_file a.txt
}

test_json() {
    dits rm --json a.txt >out
    expect_content '{"action": "D", "path": "a.txt"}' out
}

test_unknown_and_missing_operands() {
    expect_failure 1 dits rm nothing.txt
    expect_match "'nothing.txt'" stderr
    expect_failure 2 dits rm
    expect_match '^dits: PATH is missing$' stderr
}

run_tests
