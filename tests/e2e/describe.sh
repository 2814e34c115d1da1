#!/bin/sh
# dits describe: a commit by the nearest tag.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=pair.sh
. "$(dirname "$0")/pair.sh"

setup() {
    dits init -q repo
    cd repo
    echo one >a.txt
    dits add .
    dits commit -qm one
    dits tag -m "first cut" v1
    echo two >a.txt
    dits commit -qam two
    dits tag plain
    echo three >a.txt
    dits commit -qam three
}

test_the_nearest_tag_with_a_message() {
    dits describe >../out
    expect_match '^v1-2-g[0-9a-f]{7}$' ../out
    expect_equal "$(dits log -n 1 --format=%H)" \
        "$(dits log -n 1 --format=%H "$(cat ../out)")"
    expect_equal v1 "$(dits describe HEAD~2)"
    expect_equal v1 "$(dits describe --exact-match v1)"
}

test_options() {
    expect_equal plain "$(dits describe --tags HEAD~1)"
    expect_equal tags/plain "$(dits describe --all HEAD~1)"
    expect_equal heads/main "$(dits describe --all)"
    expect_equal v1 "$(dits describe --abbrev=0)"
    dits describe --long v1 >../out
    expect_match '^v1-0-g[0-9a-f]{7}$' ../out
    dits describe --abbrev=12 >../out
    expect_match '^v1-2-g[0-9a-f]{12}$' ../out
    dits describe --match 'x*' --always >../out
    expect_match '^[0-9a-f]{7}$' ../out
    dits describe --tags HEAD HEAD~1 >../out
    expect_lines 2 ../out
}

test_dirty() {
    echo untracked >u.txt
    expect_equal "$(dits describe)" "$(dits describe --dirty)"
    echo changed >a.txt
    expect_equal "$(dits describe)-dirty" "$(dits describe --dirty)"
    expect_equal "$(dits describe)+" "$(dits describe --dirty=+)"
}

test_json() {
    dits describe --json >../out
    expect_each_line '^\{"description": "v1-2-g[0-9a-f]{7}", "commit": "[0-9a-f]{64}", "name": "v1", "distance": 2\}$' ../out
    dits describe --json --always --exclude '*' >../out
    expect_match '"name": null' ../out
}

test_no_name() {
    expect_failure 1 dits describe --exact-match
    expect_match "no tag exactly matches 'HEAD'" stderr
    expect_failure 1 dits describe --match plain
    expect_match 'hint: There are tags without one: try --tags' stderr
    expect_failure 1 dits describe --match nothing
    expect_match 'hint: Try --always' stderr
    expect_failure 1 dits describe nothing
}

test_usage() {
    expect_failure 2 dits describe --long --abbrev=0
    expect_failure 2 dits describe --dirty HEAD
    expect_failure 2 dits describe --unknown
}

# A history with side branches, tags of both kinds and several on one commit.
draw() {
    make_pair
    edit 'echo 0 >f'
    commit c0
    both tag -m root v0
    for n in 1 2 3; do
        edit "echo $n >f"
        commit "c$n"
    done
    both tag plain
    both branch side HEAD~2
    both switch -q side
    for n in 1 2 3 4; do
        edit "echo s$n >g"
        commit "s$n"
    done
    tick
    both tag -m side side-2 HEAD~2
    tick
    both tag -m side side-2b HEAD~2
    both switch -q main
    edit 'cp f h'
    merge_on m1 main side
    both tag -f light side
    commit c4
    both tag -m four v0.4
    for n in 5 6 7; do
        commit "c$n"
    done
    merge_on m2 main plain v0
    learn_ids
}

test_as_git_does() {
    cd ..
    draw
    for rev in main main~1 main~2 main~4 main~5 main^2 side side~1 side~2 side~3 \
        v0 plain HEAD; do
        for options in "" --tags --all "--long --tags" --abbrev=0 \
            "--first-parent --tags" "--candidates=1 --tags" --candidates=2 \
            "--match v*" "--exclude v*" "--exact-match --tags" \
            "--tags --exclude plain" "--all --match side*" "--candidates=0"; do
            # shellcheck disable=SC2086 # a list of options
            compare describe $options "$rev"
        done
    done
    compare describe --always --match none
    compare describe --dirty
    edit 'echo changed >f'
    compare describe --dirty
    compare describe --dirty=-mine --tags
}

run_tests
