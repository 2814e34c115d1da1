# tests/e2e/site.sh - the folder of a server, and accounts in it
#
# Sourced after lib.sh. make_site makes one and goes there; add_user makes an
# account of a person with the password that is in $password.
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
