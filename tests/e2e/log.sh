#!/bin/sh
# dits log: which commits, in which form.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    mkdir shots
    echo one >a.txt
    dits add .
    DITS_DATE='2026-11-20 10:00 +0000' dits commit -qm "first cut"
    dits tag v1
    echo two >shots/b.txt
    dits add .
    DITS_DATE='2026-11-21 10:00 +0000' DITS_AUTHOR_NAME=Ann \
        dits commit -qm "longer fade" -m "Because it felt rushed."
    echo three >a.txt
    DITS_DATE='2026-11-22 10:00 +0000' dits commit -qam "music"
}

subjects() {
    dits log --format=%s "$@" | tr '\n' ','
}

test_the_default_form_is_gits() {
    dits log -1 >../out
    cat >../wanted <<END
commit $(dits log -1 --format=%H)
Author: Test Editor <editor@example.com>
Date:   Sun Nov 22 10:00:00 2026 +0000

    music
END
    diff ../wanted ../out
}

test_which_commits() {
    expect_equal "music,longer fade,first cut," "$(subjects)"
    expect_equal "music,longer fade," "$(subjects -2)"
    expect_equal "longer fade," "$(subjects -n 1 --skip 1)"
    expect_equal "first cut,longer fade,music," "$(subjects --reverse)"
    expect_equal "music,longer fade," "$(subjects v1..main)"
    expect_equal "music,longer fade," "$(subjects main ^v1)"
    expect_equal "first cut," "$(subjects v1)"
    expect_equal "music,first cut," "$(subjects a.txt)"
    expect_equal "longer fade," "$(subjects -- shots)"
    expect_equal "longer fade," "$(subjects --author=ann)"
    expect_equal "longer fade," "$(subjects --grep=rushed)"
    expect_equal "music," "$(subjects --since=2026-11-22)"
    expect_equal "first cut," "$(subjects --before='2026-11-20 12:00')"
    expect_equal "" "$(subjects -n 0)"
}

test_all_branches() {
    dits switch -qc titles v1
    dits commit -q --allow-empty -m titles
    dits switch -q main
    dits log --all --format=%s >../out
    expect_match '^titles$' ../out
    dits log --format=%s >../out
    expect_no_match '^titles$' ../out
}

test_forms() {
    dits log --oneline --decorate >../out
    expect_match '^[0-9a-f]{7,} \(HEAD -> main\) music$' ../out
    expect_match '^[0-9a-f]{7,} \(tag: v1\) first cut$' ../out
    dits log -1 --format=full >../out
    expect_match '^Commit: Test Editor <' ../out
    dits log -1 --format=fuller >../out
    expect_match '^CommitDate: ' ../out
    dits log -1 --pretty=short --abbrev-commit >../out
    expect_match '^commit [0-9a-f]{7,12}$' ../out
    dits log -1 --format='%h|%an|%as|%s|%x41|%%|%z' >../out
    expect_match '^[0-9a-f]{7,}\|Test Editor\|2026-11-22\|music\|A\|%\|%z$' ../out
    expect_failure 1 dits log --format=medum
    expect_match "Did you mean 'medium'" stderr
}

test_dates() {
    dits log -1 --date=iso >../out
    expect_match '^Date:   2026-11-22 10:00:00 \+0000$' ../out
    DITS_DATE='2026-11-24 10:00 +0000' dits log -1 --date=relative >../out
    expect_match '^Date:   2 days ago$' ../out
    expect_failure 2 dits log --date=soon
}

test_what_changed() {
    dits log -1 --stat >../out
    expect_match '^ a.txt \| 2 \+-$' ../out
    dits log -1 --name-status --format=%s >../out
    expect_match '^M	a.txt$' ../out
    dits log -1 --name-only --oneline >../out
    expect_match '^a.txt$' ../out
    dits log -1 -p >../out
    expect_match '^\+three$' ../out
    dits log --stat --format=%s v1 >../out
    expect_match 'a.txt \| 1 \+' ../out
}

test_the_graph() {
    dits log --graph --oneline >../out
    expect_each_line '^\* [0-9a-f]{7,} ' ../out
    dits switch -qc titles v1
    dits commit -q --allow-empty -m titles
    dits log --graph --oneline --all >../out
    expect_match '^\|/' ../out
    expect_failure 2 dits log --graph --reverse
}

test_the_graph_of_one_file_hangs_together() {
    echo four >a.txt
    dits commit -qam "louder"
    dits log --graph --format=%s -- a.txt >../out
    printf '* louder\n* music\n* first cut\n' | diff - ../out
}

test_json() {
    dits log --json -1 v1 >../out
    expect_each_line '^\{"id": "[0-9a-f]{64}", "tree": "[0-9a-f]{64}", "parents": \[\], "refs": \["v1"\], "author_name": "Test Editor", "author_email": "editor@example.com", "author_time": "2026-11-20T10:00:00\+00:00", .*"message": "first cut' ../out
}

test_first_parent() {
    expect_equal "music,longer fade,first cut," "$(subjects --first-parent)"
}

test_what_is_not_there() {
    expect_failure 1 dits log nope
    expect_match "'nope' is neither a revision nor a path" stderr
    dits init -q ../fresh
    cd ../fresh
    expect_failure 1 dits log
    expect_failure 2 dits log --onelin
}

run_tests
