#!/bin/sh
# dits config: both of git's spellings, both files.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    mkdir home
    cp -r "$HOME/.config" home/
    HOME=$PWD/home
    dits init -q
}

test_get_and_set() {
    dits config user.name "Ann Editor"
    expect_equal "Ann Editor" "$(dits config user.name)"
    expect_equal "Ann Editor" "$(dits config get user.name)"
    expect_equal "Ann Editor" "$(dits config --get user.name)"
    dits config set user.name Bo
    expect_equal Bo "$(dits config user.name)"
}

test_the_repository_comes_before_the_user() {
    expect_equal "Test Editor" "$(dits config user.name)"
    dits config user.name Ann
    expect_equal Ann "$(dits config user.name)"
    expect_equal "Test Editor" "$(dits config --user user.name)"
    expect_equal "Test Editor" "$(dits config --global user.name)"
    dits config --user user.name Bo
    expect_equal Ann "$(dits config user.name)"
    expect_equal Bo "$(dits config --user user.name)"
}

test_the_first_setting_of_a_user_makes_the_file() {
    rm -r "$HOME/.config"
    dits config --global user.name Ann
    expect_equal Ann "$(dits config --global user.name)"
    rm -r "$HOME/.config"
    expect_failure 1 dits config --global --unset user.name
    expect_match "'user.name' is not set" stderr
    expect_no_file "$HOME/.config"
}

test_unset() {
    dits config gc.prune now
    dits config --unset gc.prune
    expect_failure 1 dits config gc.prune
    dits config gc.prune now
    dits config unset gc.prune
    expect_failure 1 dits config unset gc.prune
    expect_match "gc.prune" stderr
}

test_what_is_not_set_is_silent() {
    expect_failure 1 dits config no.such >out
    expect_empty stderr
    expect_empty out
}

test_list() {
    dits config gc.prune now
    dits config --list --local >out
    expect_match '^gc.prune=now$' out
    expect_no_match user.name out
    dits config list >out
    expect_match '^user.name=Test Editor$' out
    dits config -lz --local | tr '\0' ';' >out
    expect_match 'now;' out
}

test_json() {
    dits config gc.prune now
    dits config --json gc.prune >out
    expect_content '{"key": "gc.prune", "value": "now"}' out
    dits config -l --json >out
    expect_match '^\{"key": "gc.prune", "value": "now", "scope": "repo"\}$' out
    expect_match '"scope": "user"' out
}

test_outside_of_a_repository() {
    mkdir "$scratch/outside"
    cd "$scratch/outside"
    expect_equal "Test Editor" "$(dits config user.name)"
    expect_failure 1 dits config user.name Bo
    expect_match "Use '--user'" stderr
}

test_usage() {
    expect_failure 2 dits config
    expect_failure 2 dits config set a.b
    expect_failure 2 dits config a.b c d
    expect_failure 2 dits config --user --local a.b
    expect_failure 1 dits config nodot value
}

run_tests
