#!/bin/sh
# dits check-ignore: what is ignored, and which pattern says so.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    mkdir -p sub/deep renders .dits/info
    printf '# caches\n\n*.tmp\n!/keep.tmp\nrenders/\n' >.ditsignore
    printf '/*.log\n' >sub/.ditsignore
    echo '*.bak' >.dits/info/exclude
    touch x.tmp keep.tmp renders/a.mov sub/x.log plain
}

expect_lines() {
    printf '%s\n' "$@" | diff -u - ../out >&2 || fail "it says something else"
}

tab=$(printf '\t')

test_the_pattern_is_named() {
    dits check-ignore -v x.tmp renders/a.mov sub/x.log a.bak >../out
    expect_lines ".ditsignore:3:*.tmp${tab}x.tmp" \
        ".ditsignore:5:renders/${tab}renders/a.mov" \
        "sub/.ditsignore:1:/*.log${tab}sub/x.log" \
        ".dits/info/exclude:1:*.bak${tab}a.bak"
    dits check-ignore -v -n keep.tmp plain >../out
    expect_lines ".ditsignore:4:!/keep.tmp${tab}keep.tmp" "::${tab}plain"
    dits config core.excludesFile "$PWD/../mine"
    echo plain >../mine
    dits check-ignore -v plain >../out
    expect_match "mine:1:plain${tab}plain$" ../out
}

test_paths_are_relative_to_where_one_is() {
    cd sub/deep
    dits check-ignore ../x.log y.tmp ../../x.tmp >../../../out
    cd ../..
    expect_lines ../x.log y.tmp ../../x.tmp
}

test_paths_from_standard_input() {
    printf 'x.tmp\nplain\n"a b".tmp' >../in
    dits check-ignore --stdin <../in >../out
    expect_lines x.tmp '"\"a b\".tmp"'
    printf 'x.tmp\0with\nnewline.tmp\0plain\0' >../in
    dits check-ignore --stdin -z <../in | tr '\0' '|' >../out
    expect_equal 'x.tmp|with newline.tmp|' "$(tr '\n' ' ' <../out)"
    dits check-ignore --stdin -z -v -n <../in | tr '\0' '|' >../out
    expect_match '^.ditsignore\|3\|\*.tmp\|x.tmp\|' ../out
    expect_match 'newline.tmp\|\|\|\|plain\|$' ../out
    status=0
    dits check-ignore --stdin </dev/null || status=$?
    expect_equal 1 "$status"
}

test_each_answer_comes_at_once() {
    mkfifo ../questions ../answers
    dits check-ignore --stdin <../questions >../answers &
    exec 3>../questions 4<../answers
    for name in one.tmp two.tmp; do
        echo "$name" >&3
        read -r said <&4
        expect_equal "$name" "$said"
    done
    exec 3>&- 4<&-
    wait
}

test_what_is_tracked_is_not_ignored() {
    dits add -f x.tmp renders/a.mov
    expect_failure 1 dits check-ignore x.tmp renders renders/a.mov
    dits check-ignore --no-index x.tmp renders >../out
    expect_lines x.tmp renders
}

test_a_link_is_not_followed() {
    mkdir ../outside
    echo '*' >../outside/.ditsignore
    ln -s ../outside link
    expect_failure 1 dits check-ignore link/file
    dits check-ignore link/file.tmp >../out
    expect_lines link/file.tmp
}

test_json_and_mistakes() {
    dits check-ignore --json x.tmp >../out
    expect_match '"path": "x.tmp", "is_ignored": true, "source": ".ditsignore", "line": 3, "pattern": "\*.tmp"' ../out
    expect_failure 1 dits check-ignore ../outside
    expect_failure 1 dits check-ignore ''
    expect_failure 2 dits check-ignore
    expect_failure 2 dits check-ignore -z x.tmp
    expect_failure 2 dits check-ignore -n x.tmp
    expect_failure 2 dits check-ignore -q x.tmp plain
    expect_failure 2 dits check-ignore --stdin x.tmp
}

run_tests
