#!/bin/sh
# ditsd version
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

test_version() {
    ditsd version >out
    expect_match '^ditsd version [0-9]+\.[0-9]+\.[0-9]+' out
    ditsd --version >other
    expect_same out other
    ditsd version --json >out
    expect_match '^\{"version": "[0-9.]+[^"]*"\}$' out
    ditsd version | cut -d ' ' -f 3 >out
    dits version | cut -d ' ' -f 3 >other
    expect_same out other
}

test_usage() {
    expect_failure 2 ditsd version x
}

run_tests
