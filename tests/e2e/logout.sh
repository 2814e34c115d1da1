#!/bin/sh
# dits logout: nobody again.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=site.sh
. "$(dirname "$0")/site.sh"

setup() {
    serve_film ada
}

test_what_was_kept_is_gone() {
    log_in ada >/dev/null
    cp home-ada/dits/credentials kept
    as ada dits logout "$url" >said
    expect_content "Logged out of $url." said
    expect_no_match token home-ada/dits/credentials
    expect_failure 1 as ada dits logout "$url"
    expect_match 'not logged in' stderr
    cp kept home-ada/dits/credentials
    expect_failure 1 as ada dits ls-remote "$url/film"
    expect_match 'does not know who asks' stderr
}

test_a_server_that_is_away_keeps_nobody() {
    log_in ada >/dev/null
    kill -9 "$server"
    as ada dits logout "$url" --json >said
    expect_match '"revoked": false' said
    expect_no_match token home-ada/dits/credentials
}

run_tests
