#!/bin/sh
# Two people and a server: login, push, clone, fetch and pull over HTTPS.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=site.sh
. "$(dirname "$0")/site.sh"

setup() {
    serve_film ada
    (cd site && add_user ben && ditsd role set ben film reader) >/dev/null
    dits init -q film
    make_video film/clip.mp4 4
    (cd film && dits add -A && dits commit -qm one && dits remote add origin "$url/film")
}

test_two_people_share_a_clip() {
    log_in ada >said
    expect_match ' as ada' said
    expect_equal 600 "$(stat -c %a home-ada/dits/credentials)"
    as ada dits -C film push -q origin main
    log_in ben >/dev/null
    as ben dits clone -q "$url/film" copy
    expect_same film/clip.mp4 copy/clip.mp4
    as ben dits ls-remote "$url/film" >refs
    expect_match 'refs/heads/main' refs
    echo more >film/notes
    (cd film && dits add -A && dits commit -qm two)
    as ada dits -C film push -q origin main
    as ben dits -C copy fetch -q
    as ben dits -C copy pull -q
    expect_same film/notes copy/notes
}

test_a_reader_may_not_push() {
    log_in ada >/dev/null
    log_in ben >/dev/null
    as ada dits -C film push -q origin main
    echo more >film/notes
    (cd film && dits add -A && dits commit -qm two)
    expect_failure 1 as ben dits -C film push origin main
    expect_match "does not allow you this with 'film'" stderr
    as ada dits ls-remote "$url/film" >refs
    expect_no_match "$(dits -C film log -1 --format=%H)" refs
}

test_tokens_are_seen_nowhere() {
    log_in ada >/dev/null
    sed -n 's/.*token = //p' home-ada/dits/credentials >token
    as ben dits login "$url" --token-stdin --pin "$pin" --json <token >said
    expect_match '"name": "ada"' said
    as ada dits -C film push origin main >pushed 2>&1
    as ada dits logout "$url" >>pushed
    expect_failure 1 as ben dits ls-remote "$url/film"
    for file in said pushed stderr log out; do
        expect_no_match "$(cat token)" "$file"
        expect_no_match "$password" "$file"
    done
    chmod 644 home-ben/dits/credentials
    expect_failure 1 as ben dits ls-remote "$url/film"
    expect_match 'others may read' stderr
}

has_parts() {
    [ -n "$(find site -path '*/uploads/*' -type f -size +0 2>/dev/null)" ] || [ -e pushed ]
}

test_a_push_outlives_its_server() {
    log_in ada >/dev/null
    make_bytes film/large 12000000
    (cd film && dits add -A && dits commit -qm large)
    (as ada dits -C film push -q origin main && touch pushed) 2>push.log &
    pushing=$!
    eventually has_parts
    kill -9 "$server"
    wait "$server" || :
    serve_site "$port"
    wait "$pushing" || as ada dits -C film push -q origin main
    log_in ben >/dev/null
    as ben dits clone -q "$url/film" copy
    expect_same film/large copy/large
    dits -C copy fsck
}

run_tests
