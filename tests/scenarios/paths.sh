# Files brought back: checkout of paths, restore, reset of paths.
# shellcheck shell=sh

setup() {
    vcs init
    lines a.txt one
    lines b.txt one
    mkdir d
    lines d/c.txt one
    commit first
    lines a.txt two
    lines d/c.txt two
    lines d/new.txt two
    vcs add -A
    vcs rm -q b.txt
    vcs commit -m second
}

test_checkout_takes_what_is_staged() {
    lines a.txt staged
    vcs add a.txt
    lines a.txt changed
    lines d/c.txt changed
    vcs checkout -- a.txt
    vcs checkout .
}

test_checkout_from_a_commit_stages_too() {
    vcs checkout HEAD~1 -- a.txt b.txt
    vcs checkout HEAD -- a.txt
    fails vcs checkout HEAD -- b.txt
    fails vcs checkout HEAD~1 -- nothing.txt
}

test_checkout_of_a_folder_leaves_what_the_commit_has_not() {
    lines d/untracked.txt x
    vcs checkout HEAD~1 -- d
    vcs status
}

test_checkout_brings_back_removed_files() {
    rm a.txt
    rm -r d
    vcs checkout -- a.txt d
    vcs rm -q a.txt
    fails vcs checkout -- a.txt
    vcs checkout HEAD -- a.txt
}

test_checkout_of_an_untracked_file_fails() {
    lines untracked.txt x
    fails vcs checkout -- untracked.txt
    lines a.txt changed
    fails vcs checkout -- a.txt untracked.txt
}

test_checkout_with_a_pattern() {
    lines a.txt changed
    lines d/c.txt changed
    lines d/new.txt changed
    vcs checkout -- '*c.txt'
    vcs checkout -- 'd/*'
}

test_restore_of_the_work_tree() {
    lines a.txt staged
    vcs add a.txt
    lines a.txt changed
    chmod +x d/c.txt
    vcs restore a.txt d
    fails vcs restore nothing.txt
    fails vcs restore
}

test_restore_of_what_a_folder_took_the_place_of() {
    rm a.txt
    mkdir a.txt
    lines a.txt/inner x
    vcs restore a.txt
    rm a.txt
    mkdir a.txt
    lines a.txt/inner x
    vcs checkout -- a.txt
}

test_restore_of_what_is_staged() {
    lines a.txt changed
    lines new.txt x
    vcs add -A
    vcs rm -q d/c.txt
    vcs restore --staged a.txt new.txt
    vcs restore --staged d
    vcs restore d/c.txt
}

test_restore_of_both() {
    lines a.txt changed
    lines new.txt x
    vcs add -A
    vcs restore --staged --worktree a.txt new.txt
}

test_restore_from_a_commit() {
    vcs restore --source HEAD~1 a.txt
    vcs restore -s HEAD~1 -S a.txt b.txt
    vcs restore --source=HEAD~1 --staged --worktree .
    fails vcs restore -s nothing a.txt
}

test_restore_removes_what_the_source_has_not() {
    vcs restore -s HEAD~1 d
    vcs restore -s HEAD d
    vcs restore -s HEAD~1 d/new.txt
}

test_restore_in_a_folder() {
    lines a.txt changed
    lines d/c.txt changed
    cd d
    vcs restore .
    vcs restore ../a.txt
}

test_reset_of_paths() {
    lines a.txt changed
    lines new.txt x
    vcs add -A
    vcs reset a.txt
    vcs reset -- new.txt
    vcs reset HEAD~1 -- a.txt b.txt
    vcs reset
}

test_reset_of_paths_from_a_commit_with_folders() {
    vcs reset HEAD~1 -- d
    vcs reset HEAD d
    fails vcs reset nothing.txt
}

test_a_file_in_the_place_of_a_folder() {
    rm -r d
    lines d "a file"
    fails vcs checkout HEAD~1 -- d/c.txt/x
    vcs status
    rm d
    vcs checkout -- d
}

test_restore_of_links() {
    ln -s a.txt link
    commit link
    rm link
    lines link "a file"
    vcs restore link
    rm link
    ln -s b.txt link
    vcs checkout -- link
    rm a.txt
    ln -s link a.txt
    vcs restore a.txt
}
