# tests/e2e/site.sh - the folder of a server, and accounts in it
#
# Sourced after lib.sh. make_site makes one and goes there; add_user makes an
# account of a person with the password that is in $password. serve_site serves it,
# and sets $url, $port, $pin and $server.
# shellcheck shell=sh

password='correct horse battery'

make_site() {
    ditsd init -q site
    cd site
}

# add_user NAME [OPTION...]
add_user() {
    echo "$password" | ditsd user add "$@" --password-stdin
}

# sql STATEMENT: what nobody but an attacker does to the database.
sql() {
    python3 - "$1" <<'END'
import sqlite3, sys
base = sqlite3.connect("ditsd.db")
base.executescript(sys.argv[1])
base.commit()
END
}

# whole_log: nothing in the audit log was changed.
whole_log() {
    ditsd audit verify >/dev/null
}

is_serving() {
    [ -s port ] && kill -0 "$server" 2>/dev/null && grep -q '^pin: ' out
}

# serve_site PORT: the folder site, in the background; 0 is one of the kernel's choice.
serve_site() {
    rm -f port
    ditsd serve site --listen "127.0.0.1:$1" --port-file port >out 2>>log &
    server=$!
    trap 'kill -9 $server 2>/dev/null || :' EXIT
    eventually is_serving
    port=$(cat port)
    url=https://127.0.0.1:$port
    pin=$(sed -n 's/^pin: //p' out)
}

# as NAME COMMAND...: with what that person has in the home folder.
as() {
    who=$1
    shift
    mkdir -p "$PWD/home-$who/dits"
    cp -n "$HOME/.config/dits/config" "$PWD/home-$who/dits/config" 2>/dev/null || :
    XDG_CONFIG_HOME=$PWD/home-$who "$@"
}

# log_in NAME
log_in() {
    echo "$password" | as "$1" dits login "$url" --user "$1" --password-stdin --pin "$pin"
}

# serve_film NAME...: a server with a repository film, and accounts that write it.
serve_film() {
    ditsd init -q site
    (
        cd site
        ditsd repo create film
        for name; do
            add_user "$name"
            ditsd role set "$name" film writer
        done
    ) >/dev/null
    serve_site 0
}
