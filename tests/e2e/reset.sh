#!/bin/sh
# dits reset: the branch goes back, and what is staged, and the files.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    echo one >a.txt
    echo gone >b.txt
    dits add .
    dits commit -qm one
    dits tag v1
    echo two >a.txt
    rm b.txt
    echo new >c.txt
    dits add -A
    dits commit -qm two
}

test_what_is_staged_goes_back_and_the_files_stay() {
    echo three >a.txt
    dits add a.txt
    dits reset >../out
    printf 'Unstaged changes after reset:\nM\ta.txt\n' | diff -u - ../out
    expect_content three a.txt
    expect_status ' M a.txt
'
    dits reset -q --mixed v1 >../out
    expect_empty ../out
    expect_equal one "$(dits log --format=%s)"
    expect_status ' M a.txt
 D b.txt
?? c.txt
'
    dits reset >../out
    printf 'Unstaged changes after reset:\nM\ta.txt\nD\tb.txt\n' | diff -u - ../out
}

test_soft_moves_the_branch_alone() {
    dits reset --soft HEAD~1 >../out
    expect_empty ../out
    expect_equal one "$(dits log --format=%s)"
    expect_status 'M  a.txt
D  b.txt
A  c.txt
'
    dits commit -qm "two again"
    expect_status ''
}

test_hard_takes_the_files_along() {
    echo three >a.txt
    echo mine >untracked.txt
    dits reset --hard HEAD~1 >../out
    expect_match '^HEAD is now at [0-9a-f]{7} one$' ../out
    expect_lines 1 ../out
    expect_content one a.txt
    expect_content gone b.txt
    expect_no_file c.txt
    expect_status '?? untracked.txt
'
    dits reset -q --hard 'HEAD@{1}' >../out
    expect_empty ../out
    expect_content two a.txt
    expect_content mine untracked.txt
}

test_undo_brings_everything_back() {
    echo staged >a.txt
    dits add a.txt
    echo precious >a.txt
    echo "in the way" >b.txt
    rm c.txt
    dits status -s >../before
    dits reset -q --hard v1
    expect_content one a.txt
    expect_content gone b.txt
    expect_status ''
    dits undo >../out
    expect_match 'dits reset -q --hard v1' ../out
    expect_equal two "$(dits log -n 1 --format=%s)"
    expect_content precious a.txt
    expect_content "in the way" b.txt
    expect_no_file c.txt
    dits status -s | diff -u ../before -
    dits restore a.txt
    expect_content staged a.txt
}

test_paths_are_unstaged() {
    echo three >a.txt
    echo more >d.txt
    dits add .
    dits reset a.txt >../out
    printf 'Unstaged changes after reset:\nM\ta.txt\n' | diff -u - ../out
    expect_status ' M a.txt
A  d.txt
'
    mkdir sub
    cd sub
    dits reset -q -- '../d*'
    cd ..
    expect_status ' M a.txt
?? d.txt
'
}

test_paths_come_from_a_revision() {
    dits reset -q v1 a.txt
    expect_status 'MM a.txt
'
    dits reset -q v1 -- b.txt
    expect_status 'MM a.txt
AD b.txt
'
    expect_equal two "$(dits log -n 1 --format=%s)"
    dits undo >../out
    expect_status 'MM a.txt
'
}

test_both_reflogs_tell_of_it() {
    dits reset -q --hard v1
    dits reflog >../out
    expect_match 'HEAD@\{0\}: reset: moving to v1$' ../out
    dits reflog main >../out
    expect_match 'main@\{0\}: reset: moving to v1$' ../out
}

test_without_a_branch() {
    dits switch -q --detach
    dits reset -q --hard HEAD~1
    expect_content one a.txt
    expect_equal two "$(dits log -n 1 --format=%s main)"
}

test_before_the_first_commit() {
    dits init -q ../new
    cd ../new
    echo one >a.txt
    dits add .
    dits reset >../out
    expect_empty ../out
    expect_status '?? a.txt
'
    dits add .
    dits reset --hard >../out
    expect_empty ../out
    expect_no_file a.txt
}

test_json() {
    echo three >a.txt
    dits add .
    dits reset --json a.txt >../out
    expect_content '{"action": "M", "path": "a.txt"}' ../out
    dits reset --json --hard v1 >../out
    expect_each_line '^\{"before": "[0-9a-f]{64}", "after": "[0-9a-f]{64}", "files_written": 2, "files_removed": 1\}$' ../out
}

test_unknown_operands() {
    expect_failure 1 dits reset nothing
    expect_match "'nothing' is neither a revision nor a path" stderr
    expect_failure 1 dits reset -- nothing
    expect_match "'nothing'" stderr
    expect_failure 1 dits reset --hard v1:a.txt
    expect_status '?? stderr
'
}

test_usage() {
    for option in --soft --hard; do
        expect_failure 2 dits reset $option a.txt
        expect_match "'$option' and paths exclude each other" stderr
        expect_match "hint: .*restore -SW" stderr
    done
    expect_failure 2 dits reset --soft --hard
    expect_failure 2 dits reset v1 HEAD
}

# --- the same with git ---

both() {
    (cd ../git && git "$@") >../git.out 2>../git.err || fail "git $*"
    dits "$@" >../dits.out 2>../dits.err || { cat ../dits.err >&2; fail "dits $*"; }
    sed 's/at [0-9a-f]* /at ID /' ../git.out >../git.said
    sed 's/at [0-9a-f]* /at ID /' ../dits.out >../dits.said
    diff -u ../git.said ../dits.said >&2 || fail "they say: $*"
    compare "$@"
}

edit() {
    (cd ../git && sh -euc "$1")
    sh -euc "$1"
    compare "$1"
}

compare() {
    diff -r --exclude=.git --exclude=.dits ../git . >&2 ||
        fail "the trees differ: $*"
    git -C ../git status --porcelain | LC_ALL=C sort >../git.state
    dits status --porcelain | LC_ALL=C sort >../dits.state
    diff -u ../git.state ../dits.state >&2 || fail "the states differ: $*"
    git -C ../git log --format=%s >../git.log 2>/dev/null || :
    dits log --format=%s >../dits.log 2>/dev/null || :
    diff -u ../git.log ../dits.log >&2 || fail "the histories differ: $*"
}

test_as_git_does() {
    command -v git >/dev/null || skip "no git"
    cd ..
    rm -rf repo
    mkdir git dits
    git init -q -b main git
    git -C git config user.name "Test Editor"
    git -C git config user.email editor@example.com
    dits init -q dits
    cd dits
    for number in 1 2 3; do
        (cd ../git && echo $number >a && mkdir -p d && echo $number >d/$number)
        echo $number >a
        mkdir -p d
        echo $number >d/$number
        both add -A
        both commit -qm $number
        both tag v$number
    done
    edit 'echo mine >a; echo new >n; rm d/1'
    both add -A
    both reset
    both reset --soft v2
    both reset
    both reset -q v1
    both reset v3 -- a d
    both reset d/2
    both add -A
    both reset a d
    both reset --hard
    both reset --hard v3
    edit 'echo untracked >d/9; echo more >>a; rm -r d/2; chmod +x d/3'
    both rm -q --cached d/1
    both reset --hard v2
    both switch -q --detach v3
    both reset --hard v1
    both reset --hard main
    both switch -q main
    both reset -q --mixed v3
    both reset v1
}

run_tests
