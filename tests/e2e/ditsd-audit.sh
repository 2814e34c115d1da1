#!/bin/sh
# ditsd audit: what was done, and whether anybody changed it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=site.sh
. "$(dirname "$0")/site.sh"

setup() {
    make_site
    for name in a b c d; do
        ditsd user add $name --service
    done
}

# tampered SQL: as somebody does who may write the file.
tampered() {
    sql "DROP TRIGGER audit_update; DROP TRIGGER audit_delete; $1"
}

# names_row NUMBER TEXT: it is the first that is not what it was.
names_row() {
    refused 1 ditsd audit verify
    expect_match "row $1 of the audit log $2" ../err
    expect_match 'hint: ' ../err
    refused 1 ditsd audit verify --json
    expect_match '"whole": false, .*"bad": '"$1"',' ../out
}

test_list() {
    ditsd audit list >../out
    expect_lines 5 ../out
    expect_match '^3  20[0-9 :+-]+  done  [^ ]+.*  user\.add  b  -  command line of the server$' ../out
    ditsd audit list --after 3 -n 1 >../out
    expect_lines 1 ../out
    expect_match '^4 ' ../out
    ditsd audit list --json --after 4 >../out
    expect_match '^\{"number": 5, "time": "20.*"action": "user.add", "resource": "d", "allowed": true' ../out
}

test_refused_changes_leave_no_row() {
    refused 1 ditsd user add a --service
    refused 1 ditsd role set a nowhere reader
    ditsd audit list >../out
    expect_lines 5 ../out
}

test_a_log_that_is_whole() {
    ditsd audit verify >../out
    expect_match '^5 rows are as they were written$' ../out
    expect_match '^5:[0-9a-f]{64}$' ../out
    ditsd audit verify --json >../out
    expect_match '"whole": true, "rows": 5, .*"bad": 0, "what": null' ../out
}

test_the_database_refuses_changes() {
    refused 1 sql "UPDATE audit SET name = 'x'"
    expect_match 'the audit log is only added to' ../err
    refused 1 sql "DELETE FROM audit"
    whole_log
}

test_a_row_that_was_changed_is_named() {
    tampered "UPDATE audit SET resource = 'x' WHERE number = 3"
    names_row 3 'was changed'
}

test_a_row_that_was_removed_is_named() {
    tampered "DELETE FROM audit WHERE number = 2"
    names_row 2 'is missing'
}

test_rows_that_were_cut_off_are_named() {
    tampered "DELETE FROM audit WHERE number > 3"
    names_row 4 'is missing'
    # What is done now still is done, and is said not to be covered.
    refused 1 ditsd user disable a
    expect_match 'it is done, but the audit log is not whole' ../err
    names_row 5 'is missing'
}

test_rows_that_changed_places_are_named() {
    tampered "UPDATE audit SET number = 99 WHERE number = 2;
        UPDATE audit SET number = 2 WHERE number = 3;
        UPDATE audit SET number = 3 WHERE number = 99"
    names_row 2 'was changed'
}

test_a_log_without_its_head() {
    rm audit.head
    refused 1 ditsd audit verify
    expect_match "no 'audit.head'" ../err
}

# Whoever may write both files makes up another history, but not its head.
test_a_head_that_was_noted_shows_another_log() {
    head=$(ditsd audit verify | tail -n 1)
    ditsd user add e --service
    ditsd audit verify --head "$head" >../out
    rm -r ../site/ditsd.db* audit.head
    ditsd init -q
    for name in a b c x e; do
        ditsd user add $name --service
    done
    whole_log
    refused 1 ditsd audit verify --head "$head"
    expect_match 'row 5 of the audit log was changed' ../err
}

test_control_characters_stay_out_of_the_terminal() {
    tampered "UPDATE audit SET name = char(27) || '[2J' WHERE number = 2"
    ditsd audit list >../out
    expect_no_match "$(printf '\033')" ../out
}

test_usage() {
    refused 2 ditsd audit
    refused 2 ditsd audit list x
    refused 2 ditsd audit list --head 1:00
    refused 2 ditsd audit verify --after 1
    refused 2 ditsd audit verify -n 1
    for head in '' 5 5: x:00 5:zz; do
        refused 2 ditsd audit verify --head "$head"
    done
}

run_tests
