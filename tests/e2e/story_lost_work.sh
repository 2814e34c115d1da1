#!/bin/sh
# Every command that destroys work which was never committed: undo brings it back,
# byte for byte, also after a gc.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# Committed: a.txt and clip.bin, in two versions; on `other` both are different.
# Never committed: a change of each, one of them staged; untracked and ignored files.
setup() {
    dits init -q repo
    cd repo
    echo '*.tmp' >.ditsignore
    echo base >a.txt
    make_bytes clip.bin 300000 1
    dits add .
    dits commit -qm base
    dits switch -qc other
    echo theirs >a.txt
    make_bytes clip.bin 300000 2
    dits commit -qam theirs
    dits switch -q main
    echo second >a.txt
    make_bytes clip.bin 300000 3
    dits commit -qam second
}

make_work() {
    echo staged >a.txt
    dits add a.txt
    echo "never committed" >a.txt
    make_bytes clip.bin 300000 4
    mkdir -p notes
    echo "never added" >notes/idea.txt
    chmod +x notes/idea.txt
    ln -s idea.txt notes/link
    echo "not even wanted" >render.tmp
}

# remember, then `recovered`: all files, what is staged, and where HEAD is.
look() {
    find . -path ./.dits -prune -o \( -type f -o -type l \) -print | sort |
        while read -r path; do
            if [ -L "$path" ]; then
                echo "$path -> $(readlink "$path")"
            else
                echo "$path $(stat -c %a "$path") $(sha256sum <"$path")"
            fi
        done
    dits status --porcelain -uall --ignored
    dits ls -l --staged
    dits log -n 1 --format=%H
    dits branch --show-current
    dits branch --json
}

remember() { look >../before; }

# recovered COUNT: so many commands are taken back.
recovered() {
    dits gc -q --prune now
    for _ in $(seq "$1"); do
        dits undo -q
    done
    look >../after
    diff -u ../before ../after >&2 || fail "not all came back"
    dits fsck --full >/dev/null
}

# loses COMMAND...: it must change something, else it proves nothing.
loses() {
    remember
    "$@" >../out
    look >../lost
    ! cmp -s ../before ../lost || fail "'$*' destroyed nothing"
}

test_reset_hard() { make_work && loses dits reset --hard && recovered 1; }

test_reset_hard_to_another_commit() {
    make_work
    loses dits reset --hard HEAD~1
    recovered 1
}

test_reset_of_what_is_staged() { make_work && loses dits reset -q && recovered 1; }

test_clean_of_everything() { make_work && loses dits clean -qfdx && recovered 1; }

test_clean_of_untracked_files() { make_work && loses dits clean -qfd && recovered 1; }

test_restore_of_files() { make_work && loses dits restore . && recovered 1; }

test_restore_of_both() { make_work && loses dits restore -SW . && recovered 1; }

test_checkout_of_files() {
    make_work
    loses dits checkout -q HEAD -- a.txt clip.bin
    recovered 1
}

test_checkout_of_another_version() {
    make_work
    loses dits checkout -q other -- clip.bin
    recovered 1
}

test_switch_with_force() { make_work && loses dits switch -qf other && recovered 1; }

test_checkout_with_force() { make_work && loses dits checkout -qf other && recovered 1; }

test_rm_with_force() { make_work && loses dits rm -qf a.txt clip.bin && recovered 1; }

test_mv_over_a_file() { make_work && loses dits mv -f a.txt clip.bin && recovered 1; }

test_stash_that_is_dropped() {
    make_work
    remember
    dits stash -q -a
    dits stash drop -q
    recovered 2
}

test_stash_that_is_cleared() {
    make_work
    remember
    dits stash -q -u
    dits stash clear
    recovered 2
}

begin_merge() {
    status=0
    dits merge -q other >../out 2>&1 || status=$?
    [ "$status" -eq 1 ] || fail "the merge ended with $status"
}

edit_conflicts() {
    echo "edited by hand" >a.txt
    make_bytes clip.bin 300000 5
    echo "looked at" >>clip.theirs.bin
}

test_merge_that_is_given_up() {
    begin_merge
    edit_conflicts
    loses dits merge --abort
    recovered 1
}

test_conflicts_that_are_resolved() {
    begin_merge
    edit_conflicts
    loses dits resolve -q --theirs --all
    recovered 1
}

test_merge_that_is_reset() {
    begin_merge
    edit_conflicts
    loses dits reset -q --hard
    recovered 1
}

test_conflicts_that_are_removed() {
    begin_merge
    edit_conflicts
    loses dits rm -q a.txt
    recovered 1
}

begin_rebase() {
    status=0
    dits rebase -q other >../out 2>&1 || status=$?
    [ "$status" -eq 1 ] || fail "the rebase ended with $status"
}

test_rebase_that_is_given_up() {
    begin_rebase
    edit_conflicts
    loses dits rebase --abort
    recovered 1
}

test_rebase_that_skips() {
    begin_rebase
    edit_conflicts
    loses dits rebase -q --skip
    recovered 2
}

test_pick_that_is_given_up() {
    status=0
    dits cherry-pick -q other >../out 2>&1 || status=$?
    [ "$status" -eq 1 ] || fail "the pick ended with $status"
    edit_conflicts
    loses dits cherry-pick --abort
    recovered 1
}

test_branches_and_tags_that_are_deleted() {
    dits tag keep other
    remember
    dits branch -q -D other
    dits tag -q -d keep
    recovered 2
    dits cat keep:a.txt >../out
    expect_content theirs ../out
}

test_commit_that_is_amended() {
    make_work
    loses dits commit -q -a --amend -m amended
    recovered 1
}

run_tests
