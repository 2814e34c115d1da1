#!/bin/sh
# dits check-attr: what attributes files have, and what follows from it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    cat >.ditsattributes <<'END'
[attr]clip -diff lockable
*.mov chunker=large clip
*.xml text merge=union
"odd name" label=1
END
}

test_attributes_are_shown() {
    dits check-attr chunker a.mov b.xml >../out
    printf '%s\n' 'a.mov: chunker: large' 'b.xml: chunker: unspecified' |
        diff -u - ../out
    dits check-attr diff text -- a.mov >../out
    printf '%s\n' 'a.mov: diff: unset' 'a.mov: text: unspecified' |
        diff -u - ../out
    dits check-attr -a a.mov 'odd name' nothing >../out
    printf '%s\n' 'a.mov: chunker: large' 'a.mov: clip: set' \
        'a.mov: diff: unset' 'a.mov: lockable: set' 'odd name: label: 1' |
        diff -u - ../out
    dits check-attr --all -- b.xml >../out
    printf '%s\n' 'b.xml: merge: union' 'b.xml: text: set' | diff -u - ../out
}

test_json() {
    dits check-attr --json chunker text -- sub/a.mov >../out
    printf '%s\n' \
        '{"path": "sub/a.mov", "attribute": "chunker", "value": "large"}' \
        '{"path": "sub/a.mov", "attribute": "text", "value": "unspecified"}' |
        diff -u - ../out
}

test_paths_are_from_where_one_is() {
    mkdir -p sub
    echo '/a.mov chunker=small' >sub/.ditsattributes
    cd sub
    dits check-attr chunker a.mov ../a.mov >../../out
    printf '%s\n' 'a.mov: chunker: small' '../a.mov: chunker: large' |
        diff -u - ../../out
}

test_a_revision_has_its_own() {
    dits add .
    dits commit -qm first
    echo '*.mov chunker=small' >.ditsattributes
    dits check-attr chunker a.mov >../out
    expect_content 'a.mov: chunker: small' ../out
    dits check-attr --source HEAD chunker a.mov >../out
    expect_content 'a.mov: chunker: large' ../out
}

test_add_cuts_as_they_say() {
    make_bytes a.mov 6000000
    cp a.mov a.bin
    dits add .
    dits commit -qm first
    [ "$(dits chunks a.mov | wc -l)" -lt "$(dits chunks a.bin | wc -l)" ] ||
        fail "it was not cut by another profile"
    dits cat a.mov | cmp - a.mov
}

test_add_leaves_a_file_whole() {
    seq 60000 >list
    gzip -n -c list >a.gz
    cp a.gz b.gz
    echo 'b.gz -chunker' >.ditsattributes
    dits add .
    dits commit -qm first
    dits chunks --json a.gz >../a
    dits chunks --json b.gz >../b
    ! cmp -s ../a ../b || fail "it was unpacked"
    dits cat b.gz | cmp - a.gz
    dits cat a.gz | cmp - a.gz
}

test_add_refuses_a_chunker_that_there_is_not() {
    echo 'a.mov chunker=huge' >.ditsattributes
    make_bytes a.mov 20000
    expect_failure 1 dits add a.mov
    expect_match "'a.mov' the chunker 'huge', which there is not" stderr
    expect_match "hint: It is 'small', 'media' or 'large'" stderr
    rm stderr
    dits status -s >../out
    expect_match '^\?\? a.mov$' ../out
}

test_diff_goes_by_them() {
    printf 'one\n' >a.txt
    printf 'one\0\n' >a.bin
    dits add .
    dits commit -qm first
    echo two >>a.txt
    echo two >>a.bin
    dits diff a.txt >../out
    expect_match '^\+two$' ../out
    dits diff a.bin >../out
    expect_no_match '^\+two$' ../out
    printf 'a.txt -diff\na.bin diff\n' >.ditsattributes
    dits diff a.txt >../out
    expect_no_match '^\+two$' ../out
    dits diff a.bin >../out
    expect_match '^\+two$' ../out
    printf 'a.txt binary\na.bin text\n' >.ditsattributes
    dits diff --stat a.txt >../out
    expect_no_match '\+$' ../out
    dits diff a.bin >../out
    expect_match '^\+two$' ../out
}

test_what_cannot_be_read_is_told() {
    seq 200000 | sed 's/^/# /' >.ditsattributes
    expect_failure 1 dits check-attr text a
    expect_match "'.ditsattributes' is too large" stderr
}

test_usage() {
    expect_failure 2 dits check-attr
    expect_match 'ATTR is missing' stderr
    expect_failure 2 dits check-attr text
    expect_match 'PATH is missing' stderr
    expect_failure 2 dits check-attr -a
    expect_match 'PATH is missing' stderr
    expect_failure 2 dits check-attr -a text -- a
    expect_match "'-a' and 'text' exclude each other" stderr
    expect_failure 1 dits check-attr a/b a
    expect_match "'a/b' cannot be an attribute's name" stderr
    expect_failure 1 dits check-attr text ../../a
    expect_match 'outside' stderr
}

# --- the same with git ---

# both PATH...: all that is specified for it.
both() {
    git -C ../git -c core.quotePath=false check-attr -a "$@" 2>/dev/null | LC_ALL=C sort >../git.said
    dits check-attr -a "$@" | LC_ALL=C sort >../dits.said
    diff -u ../git.said ../dits.said >&2 || fail "they say: $*"
}

test_as_git_does() {
    command -v git >/dev/null || skip "no git"
    git init -q ../git
    cat >.ditsattributes <<'END'
* a=1 b -c
*.mov !a binary
/x/** deep=yes
x/ folder
**/y/*.txt d
[attr]m n -o p=2 !a
[attr]o q
*.m m
*.o o m -q
"sp ace\t\"\303\244" quoted
!neg a=2
\!neg a=3
*.bad x y/z
*.num a-1_2.3=.
[ab].set s s=1 -s
*.eq x= y==z -w=1
# comment
   indented r
END
    mkdir -p x/y
    printf '*.mov a=9\n/y/* e\n[attr]m z\n*.txt -d\n' >x/.ditsattributes
    printf 'l.txt !d last\n' >x/y/.ditsattributes
    mkdir -p .dits/info
    printf '*.mov info\nx/y/l.txt b=info\n' >.dits/info/attributes
    mkdir -p ../git/x/y ../git/.git/info
    cp .ditsattributes ../git/.gitattributes
    cp x/.ditsattributes ../git/x/.gitattributes
    cp x/y/.ditsattributes ../git/x/y/.gitattributes
    cp .dits/info/attributes ../git/.git/info/attributes
    for path in a a.mov x/a.mov x/y/k.txt x/y/l.txt q/y/l.txt x x/ a.m b.o \
        x/a.m "$(printf 'sp ace\t"\303\244')" neg '!neg' a.bad a.num a.set \
        b.set c.set a.eq indented '# comment' x/x/x; do
        both "$path"
    done
}

run_tests
