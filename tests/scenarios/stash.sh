# stash.
# shellcheck shell=sh disable=SC2103 # not in a subshell: the clock goes on

setup() {
    vcs init
    numbers a.txt 1 10
    lines b.txt one
    ignore '*.tmp'
    commit first
}

dirty() {
    line 1 dirty a.txt
    lines b.txt staged
    vcs add b.txt
}

test_push_and_pop() {
    dirty
    vcs stash
    vcs stash pop
    fails vcs stash pop
}

test_push_with_a_message() {
    dirty
    vcs stash push -m "my words"
    shows vcs stash list
    line 2 other a.txt
    vcs stash push
    shows vcs stash list
}

test_what_was_staged_can_be_staged_again() {
    dirty
    lines new.txt added
    vcs add new.txt
    lines b.txt "and more"
    vcs stash push
    vcs stash pop --index
}

test_added_and_removed_files() {
    lines new.txt added
    vcs add new.txt
    vcs rm -q b.txt
    rm a.txt
    vcs stash
    vcs stash pop
}

test_apply_keeps_it() {
    dirty
    vcs stash
    vcs stash apply
    vcs reset --hard
    vcs stash apply 'stash@{0}'
    vcs stash drop
    fails vcs stash drop
}

test_several() {
    for name in two three four; do
        lines b.txt "$name"
        vcs stash push -m "$name"
    done
    vcs stash drop 'stash@{1}'
    vcs stash pop 'stash@{1}'
    vcs reset --hard
    fails vcs stash pop 'stash@{5}'
    vcs stash clear
    fails vcs stash pop
}

test_nothing_to_stash() {
    vcs stash
    lines untracked.txt x
    vcs stash
    shows vcs stash list
}

test_untracked_files() {
    line 1 dirty a.txt
    lines untracked.txt x
    lines ignored.tmp x
    mkdir d
    lines d/inner.txt x
    vcs stash -u
    vcs stash pop
}

test_ignored_files_too() {
    lines untracked.txt x
    lines ignored.tmp x
    vcs stash push --all
    vcs stash pop
}

test_keep_what_is_staged() {
    dirty
    vcs stash push --keep-index
    vcs commit -m "the staged part"
    vcs stash pop
}

test_only_some_paths() {
    dirty
    vcs stash push -- a.txt
    vcs stash pop
}

test_a_conflict_keeps_the_stash() {
    line 1 dirty a.txt
    vcs stash
    line 1 ours a.txt
    commit second
    fails vcs stash pop
    shows vcs stash list
    line 1 both a.txt
    vcs add a.txt
    vcs stash drop
}

test_it_comes_together_with_later_commits() {
    line 1 dirty a.txt
    vcs stash
    line 10 later a.txt
    commit second
    vcs stash pop
}

test_local_changes_in_the_way() {
    line 1 dirty a.txt
    vcs stash
    line 10 more a.txt
    fails vcs stash pop
    vcs checkout -- a.txt
    lines b.txt more
    vcs stash pop
}

test_untracked_files_in_the_way() {
    lines new.txt x
    vcs stash -u
    lines new.txt mine
    fails vcs stash pop
    rm new.txt
    vcs stash pop
}

test_on_another_branch() {
    vcs branch other
    dirty
    vcs stash
    vcs switch other
    vcs stash pop
    vcs commit -a -m "on other"
}

test_a_branch_from_it() {
    dirty
    vcs stash
    line 1 later a.txt
    commit second
    vcs stash branch fresh
    fails vcs stash branch again
}

test_show() {
    dirty
    vcs stash
    shows vcs stash show --name-only
    shows vcs stash show --name-status
    vcs stash show --stat
    vcs stash show -p
    vcs stash show -U1 --stat 'stash@{0}'
    fails vcs stash show 'stash@{3}'
}

test_in_a_folder() {
    mkdir d
    lines d/c.txt one
    commit folder
    line 1 dirty a.txt
    lines d/c.txt two
    cd d
    vcs stash
    vcs stash pop
}

test_bits_and_links() {
    chmod +x a.txt
    rm b.txt
    ln -s a.txt b.txt
    vcs stash
    vcs stash pop
}

test_detached() {
    vcs switch --detach
    dirty
    vcs stash
    shows vcs stash list
    vcs stash pop
}

test_before_the_first_commit() {
    mkdir inner
    cd inner
    vcs stash list
    cd ..
    rmdir inner
    fails vcs stash nonsense
    fails vcs stash apply nonsense
}

test_in_a_merge() {
    vcs switch -c other
    line 1 theirs a.txt
    commit theirs
    vcs switch main
    line 1 ours a.txt
    commit ours
    fails vcs merge other
    fails vcs stash
    vcs merge --abort
}
