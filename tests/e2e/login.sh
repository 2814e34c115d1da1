#!/bin/sh
# dits login: who one is on a server, and which key it has.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=site.sh
. "$(dirname "$0")/site.sh"

setup() {
    serve_film ada
}

test_trust_is_never_silent() {
    echo "$password" >secret
    expect_failure 1 as ada dits login "$url" --user ada --password-stdin <secret
    expect_match 'sha256//' stderr
    wrong="sha256//$(printf '%044d' 0 | sed 's/.$/=/')"
    expect_failure 1 as ada dits login "$url" --user ada --password-stdin --pin "$wrong" <secret
    expect_failure 1 as ada dits login "$url" --user ada --password-stdin --pin x <secret
    expect_match 'no pin' stderr
    [ ! -e home-ada/dits/credentials ]
    echo wrong >secret
    expect_failure 1 as ada dits login "$url" --user ada --password-stdin --pin "$pin" <secret
    expect_match 'wrong name or password' stderr
    expect_failure 1 as ada dits clone "http://127.0.0.1:$port/film" copy
    expect_match 'without TLS' stderr
}

test_who_is_not_known_is_told_what_to_say() {
    expect_failure 1 as ada dits clone "$url/film" copy
    expect_match "say 'dits login $url --pin sha256//" stderr
    log_in ada >/dev/null
    printf '[server "%s"]\n\tpin = %s\n' "$url" "$pin" >home-ada/dits/credentials
    expect_failure 1 as ada dits clone "$url/film" copy
    expect_match "dits login $url" stderr
    log_in ada >/dev/null
    expect_failure 1 as ada dits clone "$url/other" copy
    expect_match "no repository 'other'" stderr
}

run_tests
