#!/bin/sh
# dits remote: names for other repositories.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    echo one >a
    dits add .
    dits commit -qm one
}

test_remotes_are_added_listed_and_removed() {
    dits remote >../out
    expect_empty ../out
    dits remote add origin /nas/film
    dits remote add usb ../usb
    dits remote >../out
    expect_equal "origin
usb" "$(cat ../out)"
    dits remote -v >../out
    expect_content "origin	/nas/film (fetch)
origin	/nas/film (push)
usb	../usb (fetch)
usb	../usb (push)" ../out
    expect_equal "/nas/film" "$(dits remote get-url origin)"
    expect_equal "+refs/heads/*:refs/remotes/origin/*" \
        "$(dits config remote.origin.fetch)"
    dits remote set-url origin /nas/other
    expect_equal "/nas/other" "$(dits remote get-url origin)"
    dits remote rename usb disk
    dits remote remove origin
    expect_equal disk "$(dits remote)"
    dits remote rm disk
    expect_equal "[core]
	format = 1" "$(cat .dits/config)"
}

test_json_and_show() {
    dits remote add origin "/nas/a film"
    dits --json remote >../out
    expect_equal '{"name": "origin", "url": "/nas/a film", "fetch": ["+refs/heads/*:refs/remotes/origin/*"]}' \
        "$(cat ../out)"
    dits remote show origin >../out
    expect_match '^  URL: /nas/a film$' ../out
}

test_mistakes_are_told() {
    dits remote add origin /x
    complains 1 'remote origin already exists' dits remote add origin /y
    complains 1 "no such remote 'x'" dits remote remove x
    complains 1 "no such remote 'x'" dits remote rename x y
    complains 1 "no such remote 'x'" dits remote get-url x
    complains 1 'not a valid remote name' dits remote add 'a b' /x
    complains 2 "takes 2 names" dits remote add origin
    complains 2 "no value" dits remote frobnicate
    complains 2 "is for 'list'" dits remote -v show origin
}

test_a_branch_follows_a_local_one() {
    dits branch side
    dits branch -u side >../out
    expect_equal "branch 'main' set up to track 'side'." "$(cat ../out)"
    echo two >a
    dits commit -qam two
    dits status >../out
    expect_match "^Your branch is ahead of 'side' by 1 commit\.$" ../out
    dits status -sb >../out
    expect_equal "## main...side [ahead 1]" "$(cat ../out)"
    dits branch -v >../out
    expect_match '^\* main [0-9a-f]{7} \[ahead 1\] two$' ../out
    dits branch -vv >../out
    expect_match '^\* main [0-9a-f]{7} \[side: ahead 1\] two$' ../out
    dits --json status >../out
    expect_equal '{"branch": "main", "upstream": "side", "ahead": 1, "behind": 0}' \
        "$(cat ../out)"
    expect_equal "$(dits log -1 --format=%H side)" \
        "$(dits log -1 --format=%H '@{u}')"
    dits branch --unset-upstream
    dits status >../out
    expect_no_match 'Your branch' ../out
    complains 1 'no upstream' dits branch --unset-upstream
    complains 1 'no upstream configured' dits merge-base HEAD '@{upstream}'
    complains 1 'does not exist' dits branch -u origin/main
}

run_tests
