#!/bin/sh
# dits merge-base: where histories parted.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    dits commit -q --allow-empty -m base
    base=$(dits log -n 1 --format=%H)
    dits branch other
    dits commit -q --allow-empty -m ours
    ours=$(dits log -n 1 --format=%H)
    dits switch -q other
    dits commit -q --allow-empty -m theirs
    theirs=$(dits log -n 1 --format=%H)
    dits switch -q main
}

test_the_ancestor_is_found() {
    expect_equal "$base" "$(dits merge-base main other)"
    expect_equal "$base" "$(dits merge-base main main~1)"
    expect_equal "$ours" "$(dits merge-base main main)"
    dits merge-base --json main other >../out
    expect_match "\"id\": \"$base\"" ../out
}

test_crossed_histories_have_two() {
    dits merge -q --no-ff other
    dits switch -q other
    dits merge -q --no-ff "$ours"
    printf '%s\n' "$ours" "$theirs" | sort >../wanted
    dits merge-base --all main other | sort | cmp - ../wanted
    expect_equal 1 "$(dits merge-base main other | wc -l)"
}

test_ancestry_is_a_question() {
    dits merge-base --is-ancestor "$base" main
    dits merge-base --is-ancestor main main
    expect_failure 1 dits merge-base --is-ancestor other main >../out
    expect_empty ../out
}

test_mistakes_are_refused() {
    expect_failure 1 dits merge-base main nothing
    expect_failure 2 dits merge-base main
}

run_tests
