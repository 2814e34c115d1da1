#!/bin/sh
# dits tag: list, make, delete.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q
    dits commit -q --allow-empty -m one
    dits commit -q --allow-empty -m two
}

test_plain_tags() {
    dits tag v1 HEAD~1
    dits tag v2
    dits tag >out
    printf 'v1\nv2\n' | diff - out
    expect_equal one "$(dits log -1 --format=%s v1)"
}

test_tags_with_a_message() {
    dits tag -m "locked picture" -m "really" v1
    dits tag -n1 >out
    expect_content 'v1  locked picture' out
    echo "from a file" | dits tag -F - v2
    dits tag -n1 -l >out
    expect_match '^v2  from a file$' out
    expect_failure 1 env DITS_EDITOR=true dits tag -a v3
    expect_match 'message of the tag is empty' stderr
}

test_a_name_that_is_taken_needs_force() {
    dits tag v1
    expect_failure 1 dits tag v1 HEAD~1
    dits tag -f v1 HEAD~1
    expect_equal one "$(dits log -1 --format=%s v1)"
}

test_deleting() {
    dits tag v1
    dits tag -d v1 >out
    expect_match "^Deleted tag 'v1' \(was [0-9a-f]+\)$" out
    dits tag >out
    expect_empty out
}

test_json() {
    dits tag plain
    dits tag -m text full
    dits tag --json >out
    expect_match '^\{"name": "full", "commit": "[0-9a-f]{64}", "tag": "[0-9a-f]{64}", "message": "text' out
    expect_match '^\{"name": "plain", .*"tag": null, "message": null\}$' out
}

test_what_makes_no_sense() {
    expect_failure 1 dits tag -d nope
    expect_failure 1 dits tag v1 nowhere
    expect_failure 2 dits tag -m text
    expect_match 'TAG is missing' stderr
    expect_failure 2 dits tag a b c
}

run_tests
