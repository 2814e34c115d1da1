#!/bin/sh
# ditsd access: what it says is in the tests of role, rule and user, too.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=site.sh
. "$(dirname "$0")/site.sh"

setup() {
    make_site
    ditsd user add tom --service
    ditsd repo create film
}

test_the_answer_is_the_status() {
    refused 1 ditsd access explain tom read film
    expect_content 'denied: the account has no role here' ../out
    expect_empty ../err
    ditsd role set tom film reader
    ditsd access explain tom read film >../out
    expect_content "allowed: role 'reader' may read" ../out
    refused 1 ditsd access explain tom write film a.mov
    expect_content "denied: role 'reader' may not write" ../out
}

test_json_names_the_rule() {
    ditsd rule add -q film deny 'a/**'
    refused 1 ditsd access explain tom write film a/b --json
    expect_content '{"allowed": false, "reason": "rule 1 forbids everybody to write '"'a/**'"'", "rule": 1}' ../out
    refused 1 ditsd access explain tom read film --json
    expect_match '"rule": 0' ../out
}

test_an_administrator() {
    refused 1 ditsd access explain tom admin film
    expect_content 'denied: the account is no administrator' ../out
    ditsd user promote tom
    ditsd access explain tom admin film >../out
    expect_content 'allowed: administrators of the server may do it' ../out
}

test_a_path_has_one_spelling() {
    ditsd role set tom film writer
    ditsd rule add -q film deny 'master/**'
    refused 1 ditsd access explain tom write film master/a
    for path in /master/a ./master/a master//a x/../master/a master/ . .. ''; do
        refused 2 ditsd access explain tom write film "$path"
        expect_match 'is not a path of a repository' ../err
    done
    for path in .a a/..b ... a.; do
        ditsd access explain tom write film "$path" >../out
    done
}

test_usage() {
    for action in fly Read '' read,write; do
        refused 2 ditsd access explain tom "$action" film
    done
    refused 2 ditsd access explain tom read
    refused 2 ditsd access explain tom read film a b
    refused 2 ditsd access
    refused 1 ditsd access explain tim read film
    refused 1 ditsd access explain tom read flim
}

run_tests
