#!/bin/sh
# dits show: commits, tags, folders, files.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    mkdir shots
    echo one >a.txt
    echo b >shots/b.txt
    dits add .
    dits commit -qm "first cut"
    dits tag -m "locked picture" v1
    echo two >a.txt
    dits commit -qam "second cut"
}

test_a_commit_with_its_changes() {
    dits show >../out
    expect_match '^    second cut$' ../out
    expect_match '^-one$' ../out
    expect_match '^\+two$' ../out
}

test_a_root_commit_shows_all_files() {
    dits show --name-status v1 >../out
    expect_match '^A	a.txt$' ../out
    expect_match '^A	shots/b.txt$' ../out
}

test_a_tag_with_its_message() {
    dits show v1 >../out
    expect_match '^tag v1$' ../out
    expect_match '^locked picture$' ../out
    expect_match '^    first cut$' ../out
}

test_a_file_of_a_commit() {
    dits show HEAD~1:a.txt >../out
    expect_content one ../out
    cd shots
    dits show HEAD~1:a.txt >../../out
    expect_content one ../../out
    dits show HEAD:./b.txt >../../out
    expect_content b ../../out
}

test_folders() {
    dits show HEAD:shots >../out
    expect_match '^tree HEAD:shots$' ../out
    expect_match '^b.txt$' ../out
    dits show 'HEAD^{tree}' >../out
    expect_match '^shots/$' ../out
}

test_short_forms() {
    dits show -s --format=%s >../out
    expect_content 'second cut' ../out
    dits show --stat --oneline >../out
    expect_match '^ a.txt \| 2 \+-$' ../out
    dits show --name-only --format=%s >../out
    expect_match '^a.txt$' ../out
    dits show -s --date=short >../out
    expect_match '^Date:   [0-9]{4}-[0-9]{2}-[0-9]{2}$' ../out
}

test_json() {
    dits show --json >../out
    expect_each_line '"message": "second cut' ../out
}

test_what_is_not_there() {
    expect_failure 1 dits show nope
    expect_match "^dits: cannot show 'nope'$" stderr
    expect_failure 1 dits show HEAD:nope.txt
    expect_failure 2 dits show --no-such
    expect_failure 2 dits show --json HEAD:a.txt
}

run_tests
