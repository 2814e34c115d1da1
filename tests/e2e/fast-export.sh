#!/bin/sh
# dits fast-export: a stream that git fast-import reads.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    command -v git >/dev/null || skip "no git"
    dits init -q repo
    cd repo
    printf one >a.txt
    dits add .
    DITS_DATE=@1700000000 dits commit -qm one
    dits tag -m "first cut" v1
    dits switch -qc side
    mv a.txt b.txt
    ln -s b.txt link
    dits add -A
    DITS_DATE=@1700000060 dits commit -qm two
    git init -q --bare ../git
}

take_in() {
    git -C ../git fast-import --quiet
}

test_the_stream() {
    dits fast-export main >../out
    cat >../wanted <<'END'
feature done
feature date-format=raw-permissive
blob
mark :1
data 3
one
reset refs/heads/main
commit refs/heads/main
mark :2
author Test Editor <editor@example.com> 1700000000 +0000
committer Test Editor <editor@example.com> 1700000000 +0000
data 4
one

M 100644 :1 a.txt

reset refs/heads/main
from :2

done
END
    diff -u ../wanted ../out
}

test_all() {
    dits fast-export --all | take_in
    expect_equal 'refs/heads/main
refs/heads/side
refs/tags/v1' "$(git -C ../git for-each-ref --format='%(refname)')"
    git -C ../git ls-tree -r side | cut -c 1-6,53- >../out
    printf '100644\tb.txt\n120000\tlink\n' | diff -u - ../out
    expect_equal 'first cut' "$(git -C ../git for-each-ref --format='%(contents:subject)' refs/tags)"
}

test_the_current_branch_and_names() {
    dits fast-export | take_in
    expect_equal side "$(git -C ../git for-each-ref --format='%(refname:short)')"
    dits fast-export main v1 | take_in
    expect_equal 'main
side
v1' "$(git -C ../git for-each-ref --format='%(refname:short)')"
}

test_a_cut_stream_moves_nothing() {
    dits fast-export --all | head -c 500 | take_in 2>../out && fail "it went well"
    expect_equal '' "$(git -C ../git for-each-ref)"
}

test_names_and_ids() {
    expect_failure 1 dits fast-export nothing
    expect_match "there is no branch or tag 'nothing'" stderr
    expect_failure 1 dits fast-export "$(dits log -n 1 --format=%H)"
    expect_failure 2 dits fast-export --all main
    dits switch -q --detach
    expect_failure 1 dits fast-export
    expect_match "HEAD is on no branch" stderr
    dits init -q ../new
    cd ../new
    expect_failure 1 dits fast-export
    expect_match "there is no commit yet" stderr
}

run_tests
