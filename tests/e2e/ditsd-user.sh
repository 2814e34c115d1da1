#!/bin/sh
# ditsd user: accounts and their passwords.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=site.sh
. "$(dirname "$0")/site.sh"

setup() {
    make_site
}

test_list_shows_kind_and_state() {
    add_user anna --admin
    add_user tom
    ditsd user add farm --service
    ditsd user list >../out
    printf '%s\n' 'anna  person   enabled  admin' 'farm  service  enabled' \
        'tom   person   enabled' | diff -u - ../out
    ditsd user list --json >../out
    expect_match '"name": "farm", "kind": "service", "enabled": true, "admin": false' ../out
    expect_lines 3 ../out
}

test_a_disabled_account_may_do_nothing() {
    add_user tom
    ditsd repo create film
    ditsd role set tom film writer
    ditsd user disable tom
    expect_failure 1 ditsd access explain tom read film >../out
    expect_content 'denied: the account is disabled' ../out
    ditsd user enable tom
    ditsd access explain tom read film >../out
}

test_the_last_administrator_stays() {
    add_user anna --admin
    refused 1 ditsd user disable anna
    expect_match "last who may administer" ../err
    refused 1 ditsd user demote anna
    add_user tom
    ditsd user promote tom
    ditsd user demote anna
    refused 1 ditsd user disable tom
    ditsd user list >../out
    expect_match '^tom +person +enabled +admin$' ../out
    expect_match '^anna +person +enabled$' ../out
    whole_log
}

test_passwords_are_kept_as_argon2_and_nowhere_else() {
    add_user tom
    python3 - <<'END'
import sqlite3
row = sqlite3.connect("ditsd.db").execute("SELECT hash FROM passwords").fetchone()
assert row[0].startswith("$argon2id$v=19$m=65536,t=3,p=1$"), row
END
    expect_failure 1 grep -rq "$password" .
    echo 'another long one' | ditsd user password tom --password-stdin
    ditsd audit list >../out
    expect_match ' user\.password  tom ' ../out
    expect_no_match 'another long' ../out
}

test_passwords_that_are_refused() {
    printf 'short\n' >../short
    refused 1 ditsd user add tom --password-stdin <../short
    expect_match 'at least 10 bytes' ../err
    refused 1 ditsd user add tom --password-stdin </dev/null
    python3 -c 'print("x" * 2000)' >../long
    refused 1 ditsd user add tom --password-stdin <../long
    expect_match 'at most 1024 bytes' ../err
    refused 1 ditsd user add tom </dev/null
    expect_match 'no terminal to ask' ../err
    expect_match "hint: .*--password-stdin" ../err
    ditsd user list >../out
    expect_empty ../out
}

# on_terminal TYPED...: `ditsd user add tom`, with lines typed as they are asked
# for; what the terminal showed goes to ../shown.
on_terminal() {
    python3 - "$@" <<'END'
import os, subprocess, sys, threading
# Our own hold on the terminal keeps what was written last from getting lost.
terminal, theirs = os.openpty()
child = subprocess.Popen(["ditsd", "user", "add", "tom"], stdin=theirs,
                         stdout=theirs, stderr=theirs)

def mark_the_end():
    child.wait()
    os.write(theirs, b"<END>")

threading.Thread(target=mark_the_end).start()
shown, lines = b"", [text.encode().decode("unicode_escape").encode()
                     for text in sys.argv[1:]]
asked = 0
while not shown.endswith(b"<END>"):
    shown += os.read(terminal, 1000)
    prompts = shown.count(b"Password: ") + shown.count(b"Once more: ")
    while asked < min(prompts, len(lines)):
        os.write(terminal, lines[asked])
        asked += 1
open("../shown", "wb").write(shown)
sys.exit(child.returncode)
END
}

test_a_terminal_does_not_show_what_is_typed() {
    on_terminal 'correct horse\n' 'correct horse\n'
    expect_match '^Once more: ' ../shown
    expect_no_match horse ../shown
    ditsd user list >../out
    expect_lines 1 ../out
}

test_keys_on_the_terminal() {
    expect_failure 1 on_terminal 'correct horse\n' 'correct house\n'
    expect_match 'the two passwords differ' ../shown
    expect_failure 1 on_terminal 'correct\x03'
    expect_match 'no password was typed' ../shown
    on_terminal 'wrong\x15correct hore\x7fse\n' 'correct horse\r'
    ditsd user list >../out
    expect_lines 1 ../out
}

test_names_that_are_refused() {
    for name in ../tom Tom 'tom smith' '' -tom .tom tom/x "$(printf 'tom\nx')" \
        "$(printf '%065d' 0)" "t\$(id)"; do
        refused 2 ditsd user add --service -- "$name"
    done
    ditsd user add tom --service
    refused 1 ditsd user add tom --service
    expect_match "there is an account 'tom' already" ../err
    refused 1 ditsd user disable tim
    expect_match "hint: See 'ditsd user list'" ../err
}

test_usage() {
    refused 2 ditsd user
    refused 2 ditsd user remove tom
    refused 2 ditsd user add
    refused 2 ditsd user add tom tim
    refused 2 ditsd user list tom
    refused 2 ditsd user list --admin
    refused 2 ditsd user disable tom --service
    refused 2 ditsd user enable tom --password-stdin
    refused 2 ditsd user add x --service --password-stdin
    ditsd user add farm --service
    refused 1 ditsd user password farm
    expect_match 'it has no password' ../err
}

run_tests
