#!/bin/sh
# `ditsd serve`, asked with curl and by hand.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

password='canary-password-1234'

setup() {
    command -v curl >/dev/null || skip "no curl"
}

listens() {
    [ -s port ] && [ -s out ] && kill -0 "$server" 2>/dev/null
}

has_told_all() {
    grep -q '^pin: ' out
}

# On a port of the kernel's choice.
start() {
    rm -f port
    ditsd serve site --listen 127.0.0.1:0 --port-file port >out 2>>log &
    server=$!
    trap 'kill -9 $server 2>/dev/null || :' EXIT
    eventually listens
    eventually has_told_all
    url=https://127.0.0.1:$(cat port)
    token=$(sed -n 's/^set-up token.*: //p' out)
}

# It ends by itself, with 0.
stop() {
    kill -TERM "$server"
    wait "$server"
}

# ask PATH [ARGUMENT...]: the body goes to body, the head to head; prints the status.
ask() {
    path=$1
    shift
    curl -ksS -o body -D head -w '%{http_code}' "$@" "$url$path"
}

# post PATH JSON [ARGUMENT...]
post() {
    path=$1 json=$2
    shift 2
    ask "$path" -H 'content-type: application/json' -d "$json" "$@"
}

set_up() {
    post /v1/setup "{\"token\":\"$token\",\"user\":\"anna\",\"password\":\"$password\"}"
}

log_in() {
    post /v1/login "{\"user\":\"anna\",\"password\":\"$1\"}"
}

session() {
    expect_equal 200 "$(log_in "$password")"
    bearer=$(sed -n 's/.*"token":"\([^"]*\)".*/\1/p' body)
}

test_a_server_is_set_up_once() {
    start
    cp out first
    expect_match '^address: https://127\.0\.0\.1:[0-9]+$' out
    expect_match '^set-up token, .*: dits_set_[0-9a-f_]+$' out
    expect_equal 403 "$(post /v1/setup '{"token":"dits_set_0","user":"anna","password":"0123456789"}')"
    expect_equal 201 "$(set_up)"
    expect_equal 403 "$(set_up)"
    expect_equal 200 "$(log_in "$password")"
    stop
    start
    expect_no_match 'token' out
    expect_equal 200 "$(log_in "$password")"
    stop
}

test_what_is_made_is_its_owners_alone() {
    start
    stop
    for name in ditsd.db key.pem; do
        expect_equal 600 "$(stat -c %a "site/$name")"
    done
}

test_the_pin_is_that_of_the_key() {
    start
    pin=$(sed -n 's/^pin: //p' out)
    expect_equal 200 "$(ask /v1/hello --pinnedpubkey "$pin")"
    expect_match '"protocols":\["v1"\]' body
    expect_failure 90 curl -ks --pinnedpubkey "sha256//$(printf '%044d' 0 | sed 's/.$/=/')" "$url/v1/hello"
    stop
}

test_without_an_owner_only_this_host_is_served() {
    for address in 0.0.0.0:0 '[::]:0'; do
        expect_failure 1 timeout 60 ditsd serve site --listen "$address" >out
        expect_match 'nobody may administer' stderr
        expect_empty out
    done
    start
    expect_equal 201 "$(set_up)"
    stop
    rm port
    ditsd serve site --listen 0.0.0.0:0 --port-file port >out 2>>log &
    server=$!
    eventually listens
    stop
}

test_arguments_are_checked() {
    for listen in x 127.0.0.1 127.0.0.1:x 127.0.0.1:70000 ::1:80 :80; do
        expect_failure 2 ditsd serve site --listen "$listen"
        expect_match 'not ADDRESS:PORT' stderr
    done
}

test_a_session_ends_at_once() {
    start
    expect_equal 201 "$(set_up)"
    session
    expect_equal 401 "$(ask /v1/account)"
    expect_match '^www-authenticate: Bearer' head
    expect_equal 200 "$(ask /v1/account -H "authorization: Bearer $bearer")"
    expect_match '"name":"anna".*"admin":true' body
    expect_equal 200 "$(ask /v1/repos -H "authorization: Bearer $bearer")"
    expect_equal 204 "$(post /v1/logout '' -H "authorization: Bearer $bearer")"
    expect_equal 401 "$(ask /v1/account -H "authorization: Bearer $bearer")"
    stop
}

test_what_there_is_not_and_other_sites() {
    start
    expect_equal 404 "$(ask /)"
    expect_equal 401 "$(ask /v1/repos/film/refs -H 'authorization: Bearer x')"
    expect_equal 403 "$(post /v1/login '{}' -H 'origin: https://evil.example')"
    expect_equal 415 "$(ask /v1/login -d '{}')"
    expect_equal 400 "$(post /v1/login '{"user":')"
    for version in --http1.1 --http2; do
        expect_equal 200 "$(ask /healthz "$version")"
        expect_match '^x-content-type-options: nosniff' head
    done
    expect_equal 200 "$(ask /readyz)"
    stop
}

test_no_secret_is_written_anywhere() {
    start
    expect_equal 201 "$(set_up)"
    session
    expect_equal 401 "$(log_in canary-wrong-password)"
    expect_equal 401 "$(post /v1/login '{"user":"canary-name","password":"x"}')"
    expect_equal 200 "$(ask '/v1/account?canary-query' -H "authorization: Bearer $bearer" -H 'cookie: canary-cookie')"
    expect_equal 404 "$(ask /canary-path)"
    stop
    expect_match '"route":"/v1/login"' log
    expect_no_match 'canary' log
    expect_no_match 'dits_(set|ses)_' log
    for secret in canary "$bearer" "$token"; do
        ! grep -rqF -e "$secret" site || fail "'$secret' is in the site"
    done
    python3 -c 'import json, sys
for line in open("log"):
    json.loads(line)'
}

# call NAME CALL TOKEN: the first page of refs is asked for with a zero.
call() {
    printf '\0' >zero
    ask "/v1/repos/$1/$2" --data-binary @zero -H "authorization: Bearer $3"
}

test_a_repository_is_served_to_who_may_read_it() {
    start
    expect_equal 201 "$(set_up)"
    ditsd -C site repo create film
    session
    anna=$bearer
    echo 'another password' | ditsd -C site user add tom --password-stdin
    expect_equal 200 "$(post /v1/login '{"user":"tom","password":"another password"}')"
    tom=$(sed -n 's/.*"token":"\([^"]*\)".*/\1/p' body)
    expect_equal 200 "$(call film refs "$anna")"
    expect_match '^content-type: application/vnd.dits' head
    expect_equal 404 "$(call film refs "$tom")"
    expect_equal 404 "$(call none refs "$anna")"
    ditsd -C site role set tom film reader
    expect_equal 200 "$(call film refs "$tom")"
    expect_equal 403 "$(call film publish "$tom")"
    expect_equal 401 "$(call film refs "dits_$tom")"
    expect_equal 200 "$(ask /v1/hello)"
    expect_match '"sync"' body
    stop
    ditsd -C site audit verify >/dev/null
}

test_a_request_in_flight_is_answered() {
    start
    python3 - "$(cat port)" "$server" <<'END'
import os, signal, socket, ssl, sys
port, server = int(sys.argv[1]), int(sys.argv[2])
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
with context.wrap_socket(socket.create_connection(("127.0.0.1", port))) as peer:
    body = b'{"user":"nobody","password":"nothing"}'
    peer.sendall(b"POST /v1/login HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n"
                 b"content-type: application/json\r\ncontent-length: %d\r\n\r\n"
                 % len(body))
    assert peer.recv(100).startswith(b"HTTP/1.1 100"), "it is not in flight"
    os.kill(server, signal.SIGTERM)
    while True: # until it takes no more
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionResetError:
            pass # the port was closed while this one waited to be taken
        except ConnectionRefusedError:
            break
    peer.sendall(body)
    answer = b""
    while more := peer.recv(10000):
        answer += more
    assert answer.startswith(b"HTTP/1.1 401"), answer
    assert b"wrong name or password" in answer, answer
END
    wait "$server"
}

reads_again() {
    grep -q 'read again' log
}

test_a_new_certificate_is_taken_at_sighup() {
    start
    pin=$(sed -n 's/^pin: //p' out)
    mkdir other
    (ditsd serve other --listen 127.0.0.1:0 --port-file port2 >out2 2>>log2 & echo $! >pid2)
    eventually grep -q '^pin: ' out2
    kill -TERM "$(cat pid2)"
    cp other/key.pem other/certificate.pem site
    kill -HUP "$server"
    eventually reads_again
    expect_equal 200 "$(ask /v1/hello --pinnedpubkey "$(sed -n 's/^pin: //p' out2)")"
    expect_failure 90 curl -ks --pinnedpubkey "$pin" "$url/v1/hello"
    stop
}

test_metrics_are_as_prometheus_reads_them() {
    start
    expect_equal 200 "$(ask /v1/hello)"
    expect_equal 200 "$(ask /metrics)"
    expect_match '^ditsd_answers_total\{route="/v1/hello",status="2xx"\} 1$' body
    expect_each_line '^(# (HELP|TYPE) ditsd_[a-z_]+ .+|ditsd_[a-z_]+(\{[^}]*\})? [0-9.]+)$' body
    stop
    command -v promtool >/dev/null || skip "no promtool"
    promtool check metrics <body
}

run_tests
