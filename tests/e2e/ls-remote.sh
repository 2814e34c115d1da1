#!/bin/sh
# dits ls-remote: the refs of another repository.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=far_and_near.sh
. "$(dirname "$0")/far_and_near.sh"

setup() {
    make_far_and_near
}

test_refs_are_listed() {
    dits ls-remote >../out
    expect_equal "$(far_id main)	HEAD
$(far_id main)	refs/heads/main
$(far_id side)	refs/heads/side" "$(head -3 ../out)"
    expect_match '	refs/tags/v1\^\{\}$' ../out
    expect_lines 5 ../out
    dits ls-remote --tags --refs "$(address ../far)" >../out
    expect_lines 1 ../out
    dits ls-remote origin 's*' >../out
    expect_equal "$(far_id side)	refs/heads/side" "$(cat ../out)"
    dits --json ls-remote -b origin >../out
    expect_match '^\{"name": "refs/heads/side", "id": "[0-9a-f]{64}", "commit": "[0-9a-f]{64}", "target": null\}$' ../out
    cd ..
    dits ls-remote "$(address far)" >out
    expect_lines 5 out
}

test_mistakes_are_told() {
    complains 1 'does not appear to be a dits repository' dits ls-remote "$(address ../no)"
    complains 1 'no remote repository' dits -C ../far ls-remote
    cd ..
    complains 2 'REMOTE is missing' dits ls-remote
}

run_tests
