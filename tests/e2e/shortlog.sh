#!/bin/sh
# dits shortlog: commits by author.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=pair.sh
. "$(dirname "$0")/pair.sh"

# record FILE "NAME <MAIL>" MESSAGE
record() {
    echo "$3" >>"$1"
    dits add "$1"
    dits commit -qm "$3" --author "$2"
}

setup() {
    dits init -q repo
    cd repo
    record a "Zoe <zoe@example.com>" first
    record a "Ada <ada@example.com>" second
    dits tag v1
    record b "Zoe <zoe@example.com>" third
    record b "Zoe <zoe@home.example>" fourth
}

test_by_author_oldest_first() {
    dits shortlog >../out
    printf '%s\n' 'Ada (1):' '      second' '' 'Zoe (3):' '      first' \
        '      third' '      fourth' '' | diff -u - ../out
}

test_summary_numbered_and_mail() {
    dits shortlog -s >../out
    printf '     1\tAda\n     3\tZoe\n' | diff -u - ../out
    dits shortlog -sne >../out
    printf '     2\tZoe <zoe@example.com>\n     1\tAda <ada@example.com>\n     1\tZoe <zoe@home.example>\n' |
        diff -u - ../out
    dits shortlog -sc >../out
    printf '     4\tTest Editor\n' | diff -u - ../out
}

test_ranges_and_paths() {
    dits shortlog -s v1.. >../out
    printf '     2\tZoe\n' | diff -u - ../out
    dits shortlog -s -- a >../out
    printf '     1\tAda\n     1\tZoe\n' | diff -u - ../out
    dits shortlog -s --since 2100-01-01 --all >../out
    expect_empty ../out
}

test_json() {
    dits shortlog --json -e v1.. >../out
    expect_lines 2 ../out
    expect_match '^\{"name": "Zoe", "email": "zoe@example.com", "commits": 1, "subjects": \["third"\]\}$' ../out
    dits shortlog --json -s v1 >../out
    expect_each_line '^\{"name": "(Ada|Zoe)", "email": null, "commits": 1\}$' ../out
}

test_unknown_operands_and_usage() {
    expect_failure 1 dits shortlog nothing
    expect_match "'nothing' is neither a revision nor a path" stderr
    expect_failure 2 dits shortlog --unknown
}

# git_and_dits AUTHOR MESSAGE
record_both() {
    tick
    edit "echo '$2' >>f"
    both add -A
    (cd "$top/git" && git commit -q -m "$2" --author "$1")
    (cd "$top/dits" && dits commit -q -m "$2" --author "$1")
}

test_as_git_does() {
    cd ..
    make_pair
    record_both "b <b@x.y>" "small b"
    record_both "B <b@x.y>" "Large B"
    record_both "A <a@x.y>" "[PATCH 1/2] with a prefix"
    both branch side
    record_both "C <c@x.y>" "two
lines of one paragraph

and a body"
    record_both "b <other@x.y>" "another mail"
    both switch -q side
    record_both "A <a@x.y>" "[other] prefix"
    both switch -q main
    merge_on "a merge" main side
    learn_ids
    for options in "" -s -n -e -sn -se -ne -sne -c -cs; do
        # shellcheck disable=SC2086 # a list of options
        compare shortlog $options HEAD
    done
    compare shortlog side..main
    compare shortlog -s HEAD --all
    compare shortlog HEAD~2 -- f
}

run_tests
