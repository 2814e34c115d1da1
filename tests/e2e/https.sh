#!/bin/sh
# The server of HTTPS (src/net), with a handler that echoes, against curl and
# against peers that mean no good.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

echo_server=$DITS_BUILD/../../tests/net/echo-server
peer_script=$(dirname "$test_file")/https_peer.py

setup() {
    command -v curl >/dev/null || skip "no curl"
    command -v openssl >/dev/null || skip "no openssl"
    # That of Debian's package, where another one comes first.
    for python in python3 /usr/bin/python3; do
        ! "$python" -c 'import h2' 2>/dev/null || return 0
    done
    skip "no python3-h2"
}

listens() {
    [ -s site/port ] && kill -0 "$server" 2>/dev/null
}

# start [NAME=NUMBER...]: settings of echo-server.
start() {
    mkdir -p site
    rm -f site/port
    "$echo_server" site "$@" 2>log &
    server=$!
    trap 'kill -9 $server 2>/dev/null || :' EXIT
    eventually listens
    port=$(cat site/port)
    url=https://127.0.0.1:$port
}

# It ends by itself, with 0 and nothing that it still holds.
stop() {
    kill -TERM "$server"
    ended
}

ended() {
    wait "$server" || { cat log >&2; fail "the server ended with $?"; }
    expect_match '^drained: yes$' log
    expect_match '^counts connections=0 .*body_bytes=0 reply_bytes=0$' log
}

peer() { # CASE
    "$python" "$peer_script" "$port" "$1" "$server"
}

# ask PATH [ARGUMENT...]: the body goes to body, the head to head; prints the status.
ask() {
    path=$1
    shift
    curl -ksS -o body -D head -w '%{http_code}' "$@" "$url$path"
}

test_bodies_go_both_ways() {
    make_bytes sent 8388608
    start
    for version in --http1.1 --http2; do
        expect_equal 200 "$(ask /echo "$version" --data-binary @sent)"
        expect_same sent body
        expect_match '^content-length: 8388608' head
        expect_equal 200 "$(ask /echo "$version" -T - <sent)"
        expect_same sent body
        expect_equal 200 "$(ask /bytes/0 "$version")"
        expect_equal 404 "$(ask /nothing "$version")"
        expect_equal 500 "$(ask /fail "$version")"
    done
    stop
}

test_what_two_readers_take_in_two_ways_ends_the_connection() {
    start
    peer desync
    expect_equal 200 "$(ask /)"
    stop
}

test_a_head_that_does_not_end_is_given_up() {
    start header_ms=200 linger_ms=200
    peer slow_head
    stop
}

test_header_sections_are_bounded() {
    start linger_ms=200
    peer header_bomb
    awk 'BEGIN { printf "x: "; for (i = 0; i < 40000; i++) printf "a" }' >field
    for version in --http1.1 --http2; do
        expect_equal 431 "$(ask / "$version" -H @field)"
    done
    stop
}

test_bodies_are_bounded() {
    make_bytes sent 8388609
    start linger_ms=200
    peer endless_body
    for version in --http1.1 --http2; do
        expect_equal 413 "$(ask /echo "$version" --data-binary @sent)"
    done
    stop
}

test_streams_that_are_reset_in_haste_end_the_connection() {
    start linger_ms=200
    peer rapid_reset
    expect_equal 200 "$(ask / --http2)"
    stop
}

test_two_hundred_connections_are_served_at_once() {
    start
    peer many
    stop
    expect_match 'accepted=200 turned_away=0 exchanges=200' log
}

test_what_is_in_flight_is_answered_before_the_end() {
    start
    peer drain
    ended
}

reloads() { # COUNT
    [ "$(grep -c '^reload: ' log)" -eq "$1" ]
}

pin_of() { # CERTIFICATE
    echo "sha256//$(openssl x509 -in "$1" -noout -pubkey |
        openssl pkey -pubin -outform der | openssl dgst -sha256 -binary |
        openssl base64)"
}

test_half_of_a_pair_does_not_replace_the_old_one() {
    start
    old=$(pin_of site/certificate.pem)
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -keyout key.pem -out certificate.pem -subj /CN=x 2>/dev/null
    cp certificate.pem site/certificate.pem
    kill -HUP "$server"
    eventually reloads 1
    head -c 100 key.pem >site/key.pem
    kill -HUP "$server"
    eventually reloads 2
    expect_no_match '^reload: done' log
    expect_equal 200 "$(ask / --pinnedpubkey "$old")"
    cp key.pem site/key.pem
    kill -HUP "$server"
    eventually reloads 3
    expect_match '^reload: done' log
    expect_equal 200 "$(ask / --pinnedpubkey "$(pin_of certificate.pem)")"
    expect_failure 90 curl -ks --pinnedpubkey "$old" "$url/"
    stop
}

run_tests
