#!/bin/sh
# dits help: for the program and for every command.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

test_the_overview_names_every_command() {
    dits help >out
    for name in $(dits completion --words=commands); do
        expect_match "^   $name +[a-z]" out
    done
    dits --help >other
    expect_same out other
}

test_every_command_explains_itself() {
    for name in $(dits completion --words=commands); do
        dits help "$name" >out
        expect_match "^dits $name - " out
        expect_match "^usage: dits $name" out
        dits "$name" --help >other
        expect_same out other
        dits "$name" -h >out
        expect_match "^usage: dits $name" out
        awk 'length($0) > 80 { print; long = 1 } END { exit long }' out
    done
}

test_without_a_command_it_is_a_usage_error() {
    expect_failure 2 dits >out
    expect_match '^usage: dits' out
}

test_unknown_commands_get_a_suggestion() {
    expect_failure 2 dits comit
    expect_match "^dits: 'comit' is not a command$" stderr
    expect_match "^  hint: Did you mean 'dits commit'" stderr
    expect_failure 1 dits help brnch
    expect_match "Did you mean 'branch'" stderr
    expect_failure 2 dits frobnicate
    expect_match "See 'dits help'" stderr
}

test_usage() {
    expect_failure 2 dits help a b
    expect_failure 2 dits help --json
    expect_match "has no data for '--json'" stderr
}

run_tests
