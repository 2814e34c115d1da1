#!/bin/sh
# Names that hurt: odd characters, depth, case, what is no UTF-8.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
}

# Add, commit, remove and bring back all that is there; the bytes are the same.
round_trip() {
    find . -name .dits -prune -o -type f -print | LC_ALL=C sort >../before
    tar -cf ../before.tar --exclude=.dits .
    dits add -A
    dits commit -qm names
    find . -mindepth 1 -maxdepth 1 ! -name .dits -exec rm -rf {} +
    dits restore .
    find . -name .dits -prune -o -type f -print | LC_ALL=C sort >../after
    expect_same ../before ../after
    tar -df ../before.tar >../differences 2>&1 || {
        sed '/Mod time/d' ../differences >../real
        expect_empty ../real
    }
    dits status --porcelain >../state
    expect_empty ../state
}

test_odd_characters() {
    for name in 'a b' ' lead' 'trail ' 'a"b' "a'b" 'a\b' 'a*b' 'a?b' 'a[b]' \
        '-dash' '--' ':colon' '#hash' '!bang' "\$dollar" 'a;b' 'a&b' '~' \
        'é' '日本語' '🎬' 'e\0314' "$(printf 'tab\there')" \
        "$(printf 'line\nbreak')" "$(printf 'esc\033[2J')" ...; do
        printf '%s' "$name" >"./$name"
    done
    round_trip
    dits ls >../out
    expect_match '^"line\\nbreak"$' ../out
    expect_match '^"esc\\033\[2J"$' ../out
    dits add -- -dash ':(literal)a*b' 2>/dev/null || dits add -- ./-dash
    dits status -z >../out
    expect_empty ../out
}

test_output_is_safe_on_a_terminal() {
    name=$(printf 'esc\033]0;title\007')
    echo x >"$name"
    dits status >../out
    expect_no_match "$(printf '\033')" ../out
    dits add "$name"
    dits commit -qm x
    dits show --stat >../out
    expect_no_match "$(printf '\033')" ../out
    dits rm -f "$name" >../out
    expect_no_match "$(printf '\033')" ../out
    expect_failure 1 dits add "$name"
    expect_no_match "$(printf '\033')" stderr
    dits log --json >../out
    expect_no_match "$(printf '\033')" ../out
}

test_names_that_are_not_utf8_are_refused_clearly() {
    name=$(printf 'caf\351')
    echo x >"$name" || skip "the file system refuses it too"
    expect_failure 1 dits add -A
    expect_match 'UTF-8' stderr
}

test_depth() {
    (
        n=0
        while [ $n -lt 150 ]; do
            mkdir folder-with-a-name
            cd folder-with-a-name
            n=$((n + 1))
        done
        echo deep >file
    )
    dits add -A
    dits commit -qm deep
    rm -rf folder-with-a-name
    dits restore .
    dits status --porcelain >../state
    expect_empty ../state
    dits ls -r >../out
    expect_lines 1 ../out
}

test_long_names() {
    name=$(printf '%0250d' 7)
    echo x >"$name.mov"
    round_trip
}

test_names_that_other_systems_cannot_keep_are_warned_of() {
    echo x >Shot.mov
    echo x >shot.mov
    [ "$(find . -iname 'shot.mov' | wc -l)" -eq 2 ] || skip "case is ignored"
    dits add -A 2>../err
    expect_match 'warning: ' ../err
    echo x >CON
    dits add -A 2>../err
    expect_match 'CON' ../err
}

test_the_repository_itself_is_never_added() {
    mkdir -p sub/.dits
    echo x >sub/.dits/config
    dits add -A
    dits ls --staged -r >../out
    expect_no_match '\.dits' ../out
}

run_tests
