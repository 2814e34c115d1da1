#!/bin/sh
# Whatever was done is taken back step by step, to the very first state, and
# done again, to the very last: files, what is staged, branches, tags, HEAD.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    top=$PWD
    cd repo
    count=0
}

# All that can be seen, as text: the state after each step is kept under its
# number.
look() {
    find . -name .dits -prune -o -type f -exec sha256sum {} + | LC_ALL=C sort
    find . -name .dits -prune -o -type l -printf '%P -> %l\n' | LC_ALL=C sort
    dits status --porcelain
    dits ls --staged -rl
    dits branch -v 2>/dev/null
    dits tag
    dits branch --show-current
}

# One operation and the state after it.
step() {
    "$@" >"$top/out" 2>&1 || { cat "$top/out" >&2; fail "$*"; }
    count=$((count + 1))
    look >"$top/state.$count"
}

there_and_back() {
    last=$count
    while [ "$count" -gt 0 ]; do
        dits undo >"$top/out"
        count=$((count - 1))
        look >"$top/seen"
        diff -u "$top/state.$count" "$top/seen" >&2 ||
            fail "undoing step $((count + 1)): $(cat "$top/out")"
    done
    while [ "$count" -lt "$last" ]; do
        dits redo >"$top/out"
        count=$((count + 1))
        look >"$top/seen"
        diff -u "$top/state.$count" "$top/seen" >&2 ||
            fail "redoing step $count: $(cat "$top/out")"
    done
}

test_history_and_names() {
    look >"$top/state.0"
    step dits commit --allow-empty -m one
    step dits branch rough
    step dits tag v1
    step dits tag -m "with a message" v2
    step dits commit --allow-empty -m two
    step dits commit --amend --allow-empty -m "two, better"
    step dits switch -c fine
    step dits commit --allow-empty -m three
    step dits branch -m fine finest
    step dits switch rough
    step dits branch -D finest
    step dits tag -d v1
    step dits switch --detach HEAD
    step dits reset --soft main
    there_and_back
}

test_files() {
    make_bytes clip.mov 400000 1
    echo one >a.txt
    ln -s a.txt link
    step dits add .
    look >"$top/state.0"
    count=0
    step dits commit -m one
    step dits mv clip.mov take.mov
    step dits commit -m two
    step dits switch -c other HEAD~1
    step dits switch main
    step dits rm a.txt
    step dits restore -SW --source=HEAD~1 a.txt
    step dits commit --allow-empty -m three
    step dits reset HEAD~1
    step dits reset HEAD~1 take.mov
    step dits reset --hard HEAD~1
    there_and_back
    dits fsck --full >"$top/out"
}

test_what_was_never_committed_comes_back() {
    echo one >a.txt
    dits add a.txt
    dits commit -qm one
    echo precious >a.txt
    dits restore a.txt
    dits undo -q
    expect_content precious a.txt
    dits rm -qf a.txt
    dits undo -q
    expect_content precious a.txt
    dits reset -q --hard
    expect_content one a.txt
    dits undo -q
    expect_content precious a.txt
    dits switch -qc other
    echo two >a.txt
    dits commit -qam two
    echo precious again >a.txt
    dits switch -qf main
    dits undo -q
    expect_content 'precious again' a.txt
}

test_a_later_change_comes_back_with_redo() {
    echo one >a.txt
    dits add a.txt
    dits commit -qm one
    echo two >a.txt
    dits restore a.txt
    echo three >a.txt
    dits undo -q
    expect_content two a.txt
    dits redo -q
    expect_content three a.txt
}

run_tests
