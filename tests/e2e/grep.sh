#!/bin/sh
# dits grep: lines of files, staged or in commits.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=pair.sh
. "$(dirname "$0")/pair.sh"

setup() {
    dits init -q repo
    cd repo
    mkdir notes
    printf 'scene one\nScene two\ntake 3\n' >notes/a.txt
    printf 'no scene here\n' >notes/b.txt
    printf 'clip\0scene\n' >clip.bin
    dits add .
    dits commit -qm one
    echo "staged scene" >notes/b.txt
    dits add .
    echo "scene on disk" >notes/b.txt
}

test_the_work_tree() {
    dits grep scene >../out
    printf '%s\n' 'Binary file clip.bin matches' 'notes/a.txt:scene one' \
        'notes/b.txt:scene on disk' | diff -u - ../out
    cd notes
    dits grep -in scene >../../out
    printf '%s\n' 'a.txt:1:scene one' 'a.txt:2:Scene two' \
        'b.txt:1:scene on disk' | diff -u - ../../out
    rm a.txt
    dits grep -l scene >../../out
    expect_content b.txt ../../out
}

test_what_is_staged_and_commits() {
    dits grep --cached scene -- notes/b.txt >../out
    expect_content 'notes/b.txt:staged scene' ../out
    dits grep scene HEAD -- notes/b.txt >../out
    expect_content 'HEAD:notes/b.txt:no scene here' ../out
    dits grep -c scene HEAD HEAD:notes >../out
    expect_lines 5 ../out
    expect_match '^HEAD:notes/a.txt:1$' ../out
}

test_untracked_files() {
    echo "scene untracked" >new.txt
    echo ignored.txt >.ditsignore
    echo "scene ignored" >ignored.txt
    dits grep --untracked 'scene [ui]' >../out
    expect_content 'new.txt:scene untracked' ../out
}

test_exit_status() {
    dits grep -q scene >../out
    expect_empty ../out
    expect_failure 1 dits grep nothing
    expect_empty stderr
    expect_failure 1 dits grep -q nothing
    expect_failure 1 dits grep '\(scene'
    expect_match "no regular expression" stderr
    expect_failure 1 dits grep scene nothing
    expect_match "neither a revision nor a path" stderr
}

test_usage() {
    expect_failure 2 dits grep
    expect_failure 2 dits grep -F -E scene
    expect_failure 2 dits grep --cached scene HEAD
    expect_failure 2 dits grep --cached --untracked scene
}

test_json() {
    dits grep --json 'scene o' >../out
    expect_content '{"revision": null, "path": "notes/a.txt", "line": 1, "match": true, "text": "scene one", "columns": [1]}
{"revision": null, "path": "notes/b.txt", "line": 1, "match": true, "text": "scene on disk", "columns": [1]}' ../out
    dits grep --json scene HEAD -- clip.bin >../out
    expect_content '{"revision": "HEAD", "path": "clip.bin", "binary": true}' ../out
    dits grep --json -c scene -- notes/a.txt >../out
    expect_content '{"revision": null, "path": "notes/a.txt", "count": 1, "binary": false}' ../out
}

test_colours() {
    dits grep --color=always -n 'scene o' -- notes/a.txt >../out
    printf '\033[35mnotes/a.txt\033[m\033[36m:\033[m\033[32m1\033[m\033[36m:\033[m\033[1m\033[31mscene o\033[mne\n' |
        diff -u - ../out
}

# git 2.39 sees one more empty line at the end of a file.
test_empty_lines() {
    printf 'a\n\nb\n\n' >gaps.txt
    dits add gaps.txt
    dits grep -n '^$' -- gaps.txt >../out
    printf 'gaps.txt:2:\ngaps.txt:4:\n' | diff -u - ../out
    expect_failure 1 dits grep '^$' -- notes/a.txt
}

# 60 MB with a hit at the end, in memory that holds a tenth of it.
test_large_files_take_little_memory() {
    # shellcheck disable=SC3045 # both shells of Debian have it
    (ulimit -d 30000 && dits version >/dev/null 2>&1) || skip "needs more memory"
    make_bytes large.mov 60000000
    printf 'needle in the clip' >>large.mov
    dits add large.mov
    dits commit -qm large
    (
        # shellcheck disable=SC3045 # both shells of Debian have it
        ulimit -d 30000
        dits grep needle -- large.mov >../out
        dits grep needle HEAD -- large.mov >>../out
    )
    expect_content 'Binary file large.mov matches
Binary file HEAD:large.mov matches' ../out
}

test_many_files_come_in_order() {
    mkdir many
    for n in $(seq 1000); do echo "scene $n" >"many/$(printf %04d "$n")"; done
    dits add many
    dits grep scene many >../out
    expect_lines 1000 ../out
    sort -c ../out
}

test_as_git_does() {
    cd ..
    make_pair
    edit 'printf "foo bar\nFoo baz\nqux\nfoo\n" >a.txt; printf "x\0foo\nb\n" >b.bin
        mkdir d; printf "no newline foo" >d/c.txt
        printf "a\nb\nfoo1\nc\nd\ne\nf\ng\nfoo2\nh\n_foo foo_\nfoobar foo\n" >e.txt
        printf "gr\374n foo\n" >latin.txt; : >empty; printf "\n\n" >newlines
        printf "a.b\na+b\n(ab)\naab\n[x]\n" >special.txt; ln -s a.txt link
        seq 1 3000 >numbers'
    commit one
    edit 'echo foo staged >>a.txt'
    both add a.txt
    edit 'echo foo disk >>a.txt; rm newlines; echo foo >untracked'
    learn_ids
    for options in "" -n -c -l -L -v "-n -A1" "-n -B1" "-n -C1" "-2 -n" -w "-wi" -i \
        -q "-l -v" "-L -v" "-c -v" -o "-on" "-ow" -a "-a -n" -I --cached "--cached -n" \
        --untracked "-C0" "-B100 -n" "-A 1 -B 3"; do
        for pattern in foo 'o b' nothing 299; do
            # shellcheck disable=SC2086 # a list of options
            compare grep $options -e "$pattern"
        done
        # shellcheck disable=SC2086 # a list of options
        compare grep $options -e foo -e qux -- a.txt d
    done
    for pattern in fo. 'fo*' '^f' 'o$' 'foo\|qux' '[[:digit:]]' 'a.b' 'a+b' '\bfoo' \
        '' '(ab)' '.' 'x.foo' '[^a-z]' 'r.n'; do
        for options in -n -on "-C1 -n" "-i -v"; do
            # shellcheck disable=SC2086 # a list of options
            compare grep $options -e "$pattern"
        done
    done
    for kind in -F -E -G "-F -i" "-E -i" "-F -w"; do
        for pattern in a.b a+b '(ab)' '[x]' 'A+B' 'x|b' 'foo|qux' 'a{2}' '\(a'; do
            # shellcheck disable=SC2086 # a list of options
            compare grep $kind -n -e "$pattern"
        done
    done
    compare grep -n foo HEAD
    compare grep -n foo HEAD -- d e.txt
    compare grep -c foo HEAD "HEAD^{tree}"
    compare grep foo HEAD:d
    compare grep -l foo main HEAD
    compare grep 'foo
qux'
    cd dits
    (cd d && dits grep foo) >../dits.out
    (cd ../git/d && git grep foo) | diff -u - ../dits.out
}

run_tests
