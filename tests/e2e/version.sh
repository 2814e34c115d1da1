#!/bin/sh
# dits version, and the options that stand before every command.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

test_version() {
    dits version >out
    expect_each_line '^dits version [0-9]+\.[0-9]+\.[0-9]+$' out
    dits --version >other
    expect_same out other
}

test_json() {
    dits version --json >out
    expect_each_line '^\{"version": "[0-9.]+"\}$' out
    dits --json version >other
    expect_same out other
}

test_folders_are_entered_one_after_the_other() {
    mkdir -p a/b
    dits -C a -C b init -q
    expect_file a/b/.dits/config
    expect_failure 1 dits -C nowhere version
    expect_match "^dits: cannot go to 'nowhere'$" stderr
}

test_colours_only_on_request_when_there_is_no_terminal() {
    dits init -q
    dits commit -q --allow-empty -m one
    esc=$(printf '\033')
    dits log --oneline >out
    expect_no_match "$esc" out
    dits log --oneline --color=always >out
    expect_match "$esc" out
    NO_COLOR=1 dits --color log --oneline >out
    expect_match "$esc" out
    expect_failure 2 dits --color=pink version
}

test_usage() {
    expect_failure 2 dits --verion
    expect_failure 2 dits -X
    expect_failure 2 dits -C
    expect_failure 2 dits version now
}

run_tests
