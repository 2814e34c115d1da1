#!/bin/sh
# dits pull: what came is taken up.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q --bare hub
    dits init -q film
    cd film
    seq 1 20 >a
    dits add .
    dits commit -qm one
    dits remote add origin "$(address ../hub)"
    dits push -qu origin main
    dits clone -q "$(address ../hub)" ../other
}

# Somebody else's commit on the hub's main: FILE TEXT.
other() {
    (
        cd ../other
        echo "$2" >"$1"
        dits add .
        dits commit -qm "$2"
        dits push -q
    )
}

edit() {
    echo "$2" >"$1"
    dits add .
    dits commit -qm "$2"
}

test_the_branch_goes_forward_with_its_files() {
    other b theirs
    dits pull >../out 2>../err
    expect_match "^From $(address ../hub)\$" ../err
    expect_match '^Fast-forward$' ../out
    expect_equal theirs "$(cat b)"
    dits status -sb >../out
    expect_equal '## main...origin/main' "$(cat ../out)"
    dits pull >../out 2>&1
    expect_content 'Already up to date.' ../out
    dits undo -q >../out
    expect_no_file b
}

test_who_has_commits_of_ones_own_chooses() {
    other b theirs
    edit c mine
    complains 1 'Need to specify how to reconcile divergent branches' dits pull
    expect_history mine one
    refused 1 dits pull --ff-only
    expect_history mine one
    dits pull -q --no-rebase
    expect_equal "Merge branch 'main' of $(address ../hub)" "$(dits log -1 --format=%s)"
    expect_equal theirs "$(cat b)"
    expect_equal mine "$(cat c)"
    dits push -q
}

test_ones_own_commits_are_put_on_top() {
    other b theirs
    edit c mine
    dits pull -q --rebase
    expect_history mine theirs one
    other d more
    edit c again
    dits config pull.rebase true
    dits pull -q
    expect_history again mine more theirs one
}

test_settings_say_how() {
    other b theirs
    edit c mine
    dits config pull.ff only
    refused 1 dits pull
    dits config pull.rebase false
    dits pull -q
    expect_equal 4 "$(dits log --format=%s | wc -l)"
}

test_conflicts_stop_it() {
    other a theirs
    edit a mine
    refused 1 dits pull --no-rebase
    expect_match '^Automatic merge failed' ../out
    dits merge --abort
    refused 1 dits pull --rebase
    dits rebase --abort
    expect_history mine one
}

test_a_branch_is_named() {
    dits -C ../other switch -qc side
    (
        cd ../other
        echo side >s
        dits add .
        dits commit -qm side
        dits push -q origin side
    )
    dits pull -q origin side
    expect_equal side "$(cat s)"
    edit t mine
    echo more >../other/s
    dits -C ../other commit -qam more
    dits pull -q --no-rebase "$(address ../other)" side
    expect_equal "Merge branch 'side' of $(address ../other)" "$(dits log -1 --format=%s)"
    complains 1 "couldn't find remote ref" dits pull origin nothing
}

test_without_an_upstream() {
    dits switch -qc loose
    complains 1 'There is no tracking information' dits pull
    dits branch -q -u main >../out
    dits switch -q main
    edit b two
    dits switch -q loose
    dits pull -q
    expect_history two one
    dits switch -q --detach HEAD
    complains 1 'not currently on a branch' dits pull
    complains 2 'exclude each other' dits pull --rebase --ff-only
}

test_into_a_repository_without_commits() {
    dits init -q ../new
    cd ../new
    dits remote add origin "$(address ../hub)"
    dits pull -q origin main
    expect_file a
    expect_history one
}

run_tests
