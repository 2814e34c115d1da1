#!/bin/sh
# The cache of what is not tracked: nothing is told otherwise for it
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=small_project.sh
. "$(dirname "$0")/small_project.sh"

here=$(dirname "$(realpath "$0")")

setup() {
    make_small_project
    dits config status.untrackedCache true
    echo new >a/new
    settle
}

# A folder that has just changed is not remembered.
settle() { eventually is_settled; }
is_settled() { [ -z "$(find . -type d -newerct '0.1 seconds ago')" ]; }

# What git's users know, and what it says without the cache.
expect_untracked() {
    dits status -s >../out
    printf '%b' "$1" | diff -u - ../out >&2 || fail "another status"
    dits config status.untrackedCache false
    dits status -s >../out
    dits config status.untrackedCache true
    printf '%b' "$1" | diff -u - ../out >&2 || fail "another status without it"
}

test_a_small_tree_has_none_by_itself() {
    dits config unset status.untrackedCache
    dits status -s >../out
    [ ! -e .dits/untracked ] || fail "there is a file"
    dits config status.untrackedCache true
    dits status -s >../out
    [ -s .dits/untracked ] || fail "there is no file"
}

test_a_large_one_has_and_without_the_setting_none() {
    python3 -c '
import os
for i in range(5000):
    os.makedirs(f"many/{i % 50}", exist_ok=True)
    open(f"many/{i % 50}/{i}", "w").close()'
    dits add many
    settle
    dits config status.untrackedCache false
    dits status -s >../without
    [ ! -e .dits/untracked ] || fail "there is a file"
    dits config unset status.untrackedCache
    dits status -s | diff ../without -
    case $(stat -f -c %T .) in
    ext2/ext3 | xfs | btrfs | tmpfs) [ -s .dits/untracked ] ;;
    esac
    [ ! -e .dits/untracked.try ] || fail "what it was tried with is there"
    dits status -s | diff ../without -
}

test_rules_that_change_in_place_hold_at_once() {
    echo nothing >.ditsignore
    dits add .ditsignore
    settle
    expect_untracked 'A  .ditsignore\n?? a/new\n'
    echo new >.ditsignore # no folder's times tell of it
    expect_untracked 'AM .ditsignore\n'
    echo nothing >.ditsignore
    dits config core.excludesFile ../mine
    echo 'a/*' >../mine
    expect_untracked 'A  .ditsignore\n'
}

test_what_is_staged_decides() {
    expect_untracked '?? a/new\n'
    dits rm -q --cached a/b/2
    expect_untracked 'D  a/b/2\n?? a/b/\n?? a/new\n'
    dits add a/new
    expect_untracked 'D  a/b/2\nA  a/new\n?? a/b/\n'
    dits undo -q
    expect_untracked 'D  a/b/2\n?? a/b/\n?? a/new\n'
}

test_damage_is_passed_over() {
    expect_untracked '?? a/new\n'
    patch_byte .dits/untracked 60
    expect_untracked '?? a/new\n'
    : >.dits/untracked
    expect_untracked '?? a/new\n'
    rm .dits/untracked
    mkdir .dits/untracked
    expect_untracked '?? a/new\n'
}

test_who_may_not_write_may_read() {
    expect_untracked '?? a/new\n'
    dits status -s >../out
    chmod a-w .dits
    held_back dits status -s >../out
    rm -f .dits/untracked
    held_back dits status -s >../next
    chmod u+w .dits
    expect_match '^\?\? a/new$' ../out
    diff ../out ../next
}

test_each_work_tree_has_its_own() {
    dits worktree add -q -b cut ../cut
    (
        cd ../cut || exit
        echo other >c/other
        settle
        dits status -s >../out
        expect_match '^\?\? c/other$' ../out
        expect_lines 1 ../out
    )
    [ -s .dits/worktrees/cut/untracked ]
    expect_untracked '?? a/new\n'
}

# What lies in a sparse tree, and what may be missing from it.
test_a_sparse_set_stays_right() {
    dits sparse set -q c
    settle
    expect_untracked '?? a/new\n'
    mkdir -p a/b
    echo 2 >a/b/other
    expect_untracked '?? a/b/other\n?? a/new\n'
    dits sparse disable -q
    settle
    expect_untracked '?? a/b/other\n?? a/new\n'
}

test_random_changes() {
    [ "$(stat -f -c %T .)" != nfs ] || skip "folders do not tell here"
    OTHER_CONFIG=$scratch/other
    export OTHER_CONFIG
    mkdir -p "$OTHER_CONFIG/dits"
    cp "$HOME/.config/dits/config" "$OTHER_CONFIG/dits/config"
    printf '[status]\n\tuntrackedCache = false\n' >>"$OTHER_CONFIG/dits/config"
    dits config --user status.untrackedCache true
    for seed in 1 2; do
        mkdir -p "../$seed/tree"
        (cd "../$seed/tree" &&
            python3 "$here/untracked_cache_random.py" "$seed" 120)
    done
}

run_tests
