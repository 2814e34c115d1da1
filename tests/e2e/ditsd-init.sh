#!/bin/sh
# ditsd init: the folder of a server.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=site.sh
. "$(dirname "$0")/site.sh"

test_makes_a_folder_that_others_cannot_read() {
    ditsd init srv/dits >out
    expect_content 'Initialized empty server in srv/dits' out
    [ -d srv/dits/repos ]
    expect_equal 600 "$(stat -c %a srv/dits/ditsd.db)"
    ditsd -C srv/dits user list >out
    expect_empty out
}

test_again_changes_nothing() {
    make_site
    ditsd user add farm --service
    ditsd init >../out
    expect_match '^Existing server in ' ../out
    ditsd user list >../out
    expect_lines 1 ../out
    ditsd audit list >../out
    expect_lines 2 ../out
    ditsd init --json >../out
    expect_match '"path": ".", "existed": true' ../out
}

test_the_log_has_a_head_from_the_start() {
    make_site
    expect_match '^1:[0-9a-f]{64}$' audit.head
    ditsd audit list >../out
    expect_match ' server\.init ' ../out
}

test_elsewhere_there_is_no_server() {
    expect_failure 1 ditsd user list
    expect_match "this is not the folder of a server" stderr
    expect_match "hint: .*ditsd init" stderr
    expect_no_file ditsd.db
}

test_where_nothing_can_be_made() {
    : >file
    expect_failure 1 ditsd init file/srv
    expect_match "cannot make a server in 'file/srv'" stderr
}

run_tests
