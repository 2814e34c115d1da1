#!/bin/sh
# ditsd rule: which paths may be written.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=site.sh
. "$(dirname "$0")/site.sh"

setup() {
    make_site
    for name in tom eva; do
        ditsd user add $name --service
    done
    ditsd repo create film
    ditsd role set tom film writer
    ditsd role set eva film reader
}

# writes USER PATH; cannot USER PATH
writes() {
    ditsd access explain "$1" write film "$2" >../out ||
        fail "$1 cannot write $2"
}

cannot() {
    refused 1 ditsd access explain "$1" write film "$2"
    expect_match '^denied: ' ../out
}

test_deny_wins_whatever_the_order() {
    ditsd rule add -q film allow 'master/**' --user tom
    ditsd rule add -q film deny 'master/**'
    ditsd rule add -q film allow 'master/**'
    cannot tom master/final.mov
    expect_content "denied: rule 2 forbids everybody to write 'master/**'" ../out
    cannot tom MASTER/Final.mov
    writes tom other/final.mov
    ditsd user promote tom
    cannot tom master/final.mov
    ditsd access explain tom read film master/final.mov >../out
}

test_allow_opens_a_path_to_one() {
    ditsd rule add film allow 'sound/**' --user eva 2>../err
    expect_content 'It is rule 1.' ../err
    writes eva sound/mix.wav
    expect_content "allowed: rule 1 allows this account to write 'sound/**'" ../out
    cannot eva picture/a.mov
    ditsd rule remove film 1
    cannot eva sound/mix.wav
}

test_a_rule_is_of_one_repository() {
    ditsd repo create series
    ditsd role set tom series writer
    ditsd rule add -q film deny '**'
    cannot tom a
    ditsd access explain tom write series a >../out
    refused 1 ditsd rule remove series 1
    expect_match "hint: See 'ditsd rule list series'" ../err
}

test_list() {
    ditsd rule add -q film deny 'master/**'
    ditsd rule add -q film allow '*.wav' -u eva
    ditsd rule list film >../out
    printf '%s\n' '1  deny   everybody  master/**' '2  allow  eva  *.wav' |
        diff -u - ../out
    ditsd rule list film --json >../out
    expect_match '^\{"number": 1, "effect": "deny", "user": null, "pattern": "master/\*\*"\}$' ../out
    ditsd rule remove film 1
    ditsd rule add -q film deny again
    ditsd rule list film >../out
    expect_match '^3  deny ' ../out # a number is never used again
    whole_log
}

test_patterns_that_are_refused() {
    for pattern in '' /master 'master/' '[ab]*' 'a\b' "$(printf '%01025d' 0)" \
        "$(printf '\377')"; do
        refused 1 ditsd rule add film deny "$pattern"
    done
    ditsd rule list film >../out
    expect_empty ../out
}

test_usage() {
    refused 2 ditsd rule add film forbid 'a/**'
    refused 2 ditsd rule add film deny
    refused 2 ditsd rule list
    refused 2 ditsd rule list film --user tom
    refused 2 ditsd rule remove film x
    refused 1 ditsd rule add film deny a --user tim
    refused 1 ditsd rule add flim deny a
}

run_tests
