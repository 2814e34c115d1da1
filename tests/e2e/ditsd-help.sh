#!/bin/sh
# ditsd help: for the program and for every command.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

test_the_overview_names_every_command() {
    ditsd help >out
    for name in $(ditsd completion --words=commands); do
        expect_match "^   $name +[a-z]" out
    done
    expect_no_match '^(start a repository|go back)$' out
    ditsd --help >other
    expect_same out other
}

test_every_command_explains_itself() {
    for name in $(ditsd completion --words=commands); do
        ditsd help "$name" >out
        expect_match "^ditsd $name - " out
        expect_match "^usage: ditsd $name" out
        expect_match "man ditsd-$name$" out
        ditsd "$name" --help >other
        expect_same out other
        ditsd "$name" -h >out
        expect_match "^usage: ditsd $name" out
        awk 'length($0) > 80 { print; long = 1 } END { exit long }' out
    done
}

test_without_a_command_it_is_a_usage_error() {
    expect_failure 2 ditsd >out
    expect_match '^usage: ditsd' out
}

test_unknown_commands_get_a_suggestion() {
    expect_failure 2 ditsd usr
    expect_match "^ditsd: 'usr' is not a command$" stderr
    expect_match "Did you mean 'ditsd user'" stderr
    expect_failure 1 ditsd help rol
    expect_match "Did you mean 'role'" stderr
    expect_failure 2 ditsd frobnicate
    expect_match "See 'ditsd help'" stderr
    expect_failure 2 ditsd user --frobnicate
    expect_match "See 'ditsd user -h'" stderr
}

run_tests
