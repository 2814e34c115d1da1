#!/bin/sh
# ditsd repo: which repositories are served.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=site.sh
. "$(dirname "$0")/site.sh"

setup() {
    make_site
}

test_create_makes_a_bare_repository() {
    ditsd repo create film
    [ -d repos/film/.dits ]
    dits -C repos/film config core.bare >../out
    expect_content true ../out
    ditsd repo list >../out
    expect_content film ../out
    ditsd repo list --json >../out
    expect_match '^\{"name": "film", "made": "20' ../out
    refused 1 ditsd repo create film
    refused 1 ditsd repo create FILM
    expect_match "there is a repository 'film' already" ../err
}

test_remove_leaves_the_folder_and_add_takes_it() {
    ditsd user add tom --service
    ditsd repo create film
    ditsd role set tom film writer
    ditsd rule add -q film deny 'a/**'
    ditsd repo remove film 2>../err
    expect_match "'repos/film' was left" ../err
    ditsd repo list >../out
    expect_empty ../out
    [ -d repos/film/.dits ]
    refused 1 ditsd repo create film
    expect_match "hint: .*ditsd repo add film" ../err
    ditsd repo add film
    refused 1 ditsd access explain tom read film
    ditsd rule list film >../out
    expect_empty ../out
    ditsd audit list >../out
    expect_match ' repo\.remove  film ' ../out
    whole_log
}

test_add_wants_a_repository_that_is_there() {
    mkdir repos/empty
    refused 1 ditsd repo add empty
    expect_match "hint: .*ditsd repo create" ../err
    refused 1 ditsd repo add nowhere
    # The served folder in a repository does not make all in it one.
    dits init -q .
    refused 1 ditsd repo add empty
    ditsd repo list >../out
    expect_empty ../out
}

test_nothing_leads_out_of_the_folder() {
    dits init -q --bare ../outside
    for name in ../outside .. . /tmp/x a/b '' .dits -x "$(printf 'a\nb')"; do
        refused 2 ditsd repo create -- "$name"
        refused 2 ditsd repo add -- "$name"
    done
    ln -s ../../outside repos/link
    refused 1 ditsd repo add link
    expect_match "is not a folder" ../err
    refused 1 ditsd repo create link
    mkdir repos/inner
    ln -s ../../../outside/.dits repos/inner/.dits
    refused 1 ditsd repo add inner
    rm repos/inner/.dits
    echo "gitdir: ../../../outside/.dits" >repos/inner/.dits
    refused 1 ditsd repo add inner
    rm -r repos
    ln -s .. repos
    refused 1 ditsd repo add outside
    ditsd repo list >../out
    expect_empty ../out
}

test_what_failed_is_not_served() {
    chmod a-w repos
    refused 1 held_back ditsd repo create film
    chmod u+w repos
    ditsd repo list >../out
    expect_empty ../out
    ditsd repo create film
    whole_log
}

test_usage() {
    refused 2 ditsd repo
    refused 2 ditsd repo create
    refused 2 ditsd repo list film
    refused 1 ditsd repo remove film
}

run_tests
