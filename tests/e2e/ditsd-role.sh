#!/bin/sh
# ditsd role: who may do what in which repository.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=site.sh
. "$(dirname "$0")/site.sh"

setup() {
    make_site
    ditsd user add tom --service
    ditsd user add eva --service
    ditsd repo create film
    ditsd repo create series
}

# may USER ROLE ACTION...: with this role these are allowed, and no others.
may() {
    user=$1
    ditsd role set "$user" film "$2"
    shift 2
    for action in read write lock maintain admin; do
        status=0
        ditsd access explain "$user" "$action" film >../out || status=$?
        case " $* " in
        *" $action "*) expect_equal "$action 0" "$action $status" ;;
        *) expect_equal "$action 1" "$action $status" ;;
        esac
    done
}

test_what_each_role_may() {
    may tom reader read
    may tom writer read write lock
    may tom maintainer read write lock maintain
}

test_a_role_is_of_one_repository() {
    ditsd role set tom film writer
    refused 1 ditsd access explain tom read series
    expect_content 'denied: the account has no role here' ../out
    refused 1 ditsd access explain eva read film
}

test_list_and_remove() {
    ditsd role set tom film writer
    ditsd role set tom series reader
    ditsd role set eva film maintainer
    ditsd role set tom film reader
    ditsd role list >../out
    printf '%s\n' 'eva  film    maintainer' 'tom  film    reader' \
        'tom  series  reader' | diff -u - ../out
    ditsd role list tom --json >../out
    expect_match '^\{"user": "tom", "repo": "film", "role": "reader"\}$' ../out
    expect_lines 2 ../out
    ditsd role remove tom film
    refused 1 ditsd access explain tom read film
    ditsd audit list >../out
    expect_match ' role\.set  tom film reader ' ../out
    expect_match ' role\.remove  tom film none ' ../out
    whole_log
}

test_a_role_of_a_later_version_is_none() {
    ditsd role set tom film writer
    sql "UPDATE roles SET role = 'king'"
    refused 1 ditsd access explain tom read film
}

test_usage() {
    for role in king none Writer ''; do
        refused 2 ditsd role set tom film "$role"
        expect_match "hint: There are reader, writer and maintainer" ../err
    done
    refused 2 ditsd role set tom film
    refused 2 ditsd role remove tom
    refused 2 ditsd role list tom film
    refused 1 ditsd role set tim film reader
    refused 1 ditsd role set tom flim reader
    expect_match "hint: See 'ditsd repo list'" ../err
    ditsd role list >../out
    expect_empty ../out
}

run_tests
