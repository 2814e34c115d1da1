#!/bin/sh
# ditsd killed at any moment: it was done, or it was not.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=site.sh
. "$(dirname "$0")/site.sh"

# killed COMMAND...: end it after a random time, mostly before it is done.
killed() {
    python3 - "$@" <<'END'
import random, subprocess, sys, time
with subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL) as child:
    time.sleep(random.random() * 0.02)
    child.kill()
END
}

test_every_change_has_its_row() {
    make_site
    for i in $(seq 40); do
        killed ditsd user add "u$i" --service
    done
    for i in $(seq 20); do
        killed ditsd repo create "r$i"
    done
    ditsd audit verify >/dev/null
    ditsd user list | sed 's/ .*//' | sort >../users
    ditsd audit list | sed -n 's/.*  user\.add  \([^ ]*\)  .*/\1/p' | sort >../rows
    expect_same ../users ../rows
    for name in $(ditsd repo list); do
        dits -C "repos/$name" fsck >../out
    done
    ditsd user add last --service
    ditsd audit verify >/dev/null
}

test_init_can_be_done_again() {
    for i in $(seq 20); do
        killed ditsd init "site$i"
        ditsd init -q "site$i"
        ditsd -C "site$i" user add farm --service
        ditsd -C "site$i" audit verify >out
        expect_match '^2 rows' out
    done
}

run_tests
