# The first commands: init, add, rm, mv, commit, and what status says of them.
# shellcheck shell=sh disable=SC2103 # not in a subshell: the clock goes on

setup() {
    vcs init
}

test_the_first_commit() {
    lines a.txt one two
    vcs add a.txt
    vcs commit -m "first"
    shows vcs log --format=%s
}

test_a_commit_needs_something_staged() {
    fails vcs commit -m nothing
    lines a.txt one
    fails vcs commit -m "not added"
    vcs add a.txt
    vcs commit -m first
    fails vcs commit -m again
    vcs commit --allow-empty -m again
}

test_init_again_changes_nothing() {
    lines a.txt one
    commit first
    lines a.txt two
    vcs init
    vcs status
}

test_a_staged_file_is_changed_again() {
    lines a.txt one
    vcs add a.txt
    lines a.txt two
    vcs status
    vcs commit -m "as it was staged"
    vcs commit -a -m "as it is"
}

test_all_takes_changes_and_removals_but_nothing_new() {
    lines a.txt one
    lines b.txt one
    commit first
    lines a.txt two
    rm b.txt
    lines c.txt new
    vcs commit -a -m "what is tracked"
    vcs add -A
    vcs commit -m "the rest"
}

test_update_stages_what_is_tracked() {
    mkdir d
    lines d/a.txt one
    lines b.txt one
    commit first
    lines d/a.txt two
    rm b.txt
    lines d/new.txt new
    vcs add -u
    vcs status
}

test_add_of_a_folder_stages_removals_in_it() {
    mkdir d
    lines d/a.txt one
    lines d/b.txt one
    lines c.txt one
    commit first
    rm d/a.txt c.txt
    lines d/new.txt new
    vcs add d
    vcs add .
}

test_add_of_what_is_not_there_fails_as_a_whole() {
    lines a.txt one
    fails vcs add a.txt nothing.txt
    fails vcs add nothing
    vcs add a.txt
}

test_add_of_a_removed_file_stages_the_removal() {
    lines a.txt one
    lines b.txt one
    commit first
    rm a.txt
    vcs add a.txt
    vcs commit -m gone
    fails vcs add a.txt
}

test_add_dry_run_changes_nothing() {
    lines a.txt one
    vcs add -n a.txt
    vcs add --dry-run .
    fails vcs commit -m nothing
}

test_add_with_a_pattern_reaches_into_folders() {
    mkdir -p d/e
    lines a.txt one
    lines d/b.txt one
    lines d/e/c.txt one
    lines d/e/c.bin one
    vcs add '*.txt'
    vcs commit -m texts
    vcs add 'd/*'
}

test_paths_are_relative_to_the_current_folder() {
    mkdir -p d/e
    lines d/a.txt one
    lines d/e/b.txt one
    lines c.txt one
    cd d
    vcs add a.txt
    vcs add ../c.txt
    cd e
    vcs add .
    vcs commit -m first
    vcs rm ../a.txt
    vcs mv b.txt ../../moved.txt
}

test_a_path_outside_is_refused() {
    lines ../outside.txt one
    fails vcs add ../outside.txt
    fails vcs add "$PWD/../outside.txt"
    rm ../outside.txt
}

test_an_executable_bit_is_a_change() {
    lines run.sh 'echo hello'
    commit first
    chmod +x run.sh
    vcs status
    commit executable
    chmod -x run.sh
    vcs commit -a -m "not any more"
}

test_a_symlink_is_kept_as_one() {
    lines a.txt one
    ln -s a.txt link
    ln -s nowhere broken
    mkdir d
    ln -s ../d d/up
    commit first
    rm link
    ln -s b.txt link
    commit elsewhere
    rm link
    lines link "a file now"
    vcs status
    commit file
}

test_a_file_becomes_a_folder_and_back() {
    lines thing one
    commit file
    rm thing
    mkdir thing
    lines thing/a.txt one
    commit folder
    rm -r thing
    lines thing two
    vcs status
    commit "file again"
}

test_empty_files_and_no_newline_at_the_end() {
    : >empty
    printf 'no newline' >text
    printf 'a\r\nb\r\n' >dos
    commit first
    printf x >>empty
    : >text
    commit second
}

test_empty_folders_are_nothing() {
    mkdir -p d/e
    vcs status
    vcs add .
    fails vcs commit -m nothing
    vcs add d
}

test_rm_removes_from_the_work_tree_and_the_stage() {
    lines a.txt one
    mkdir d
    lines d/b.txt one
    commit first
    vcs rm a.txt
    vcs rm d/b.txt
    vcs commit -m gone
}

test_rm_of_a_folder_needs_r() {
    mkdir d
    lines d/a.txt one
    lines d/b.txt one
    lines c.txt one
    commit first
    lines d/untracked.txt x
    fails vcs rm d
    vcs rm -r d
    vcs commit -m gone
}

test_rm_keeps_the_file_with_cached() {
    lines a.txt one
    commit first
    vcs rm --cached a.txt
    vcs status
    vcs commit -m "not tracked"
}

test_rm_refuses_to_lose_changes() {
    lines a.txt one
    lines b.txt one
    commit first
    lines a.txt two
    fails vcs rm a.txt
    lines b.txt two
    vcs add b.txt
    fails vcs rm b.txt
    vcs rm --cached b.txt
    vcs rm -f a.txt
}

test_rm_refuses_what_differs_from_both() {
    lines a.txt one
    commit first
    lines a.txt two
    vcs add a.txt
    lines a.txt three
    fails vcs rm --cached a.txt
    fails vcs rm a.txt
    vcs rm -f --cached a.txt
}

test_rm_of_what_is_not_tracked_fails() {
    lines a.txt one
    fails vcs rm a.txt
    fails vcs rm nothing
    commit first
    lines b.txt one
    fails vcs rm a.txt b.txt
    fails vcs rm 'x*'
}

test_rm_of_a_file_that_is_gone_already() {
    lines a.txt one
    lines b.txt one
    commit first
    rm a.txt
    vcs rm a.txt
    vcs rm -n b.txt
    vcs commit -m gone
}

test_rm_with_a_pattern() {
    mkdir d
    for name in a.txt b.txt d/c.txt d/d.bin; do lines "$name" "$name"; done
    commit first
    vcs rm '*.txt'
    vcs status
}

test_mv_renames_and_stages() {
    numbers a.txt 1 20
    commit first
    vcs mv a.txt b.txt
    vcs status
    vcs commit -m renamed
}

test_mv_into_a_folder() {
    numbers a.txt 1 20
    numbers b.txt 30 50
    mkdir d
    lines d/c.txt one
    commit first
    vcs mv a.txt d
    vcs mv b.txt d/other.txt
    vcs commit -m moved
    vcs mv d/c.txt d/other.txt .
}

test_mv_of_a_folder() {
    mkdir -p d/e
    numbers d/a.txt 1 20
    numbers d/e/b.txt 30 50
    commit first
    lines d/untracked.txt x
    vcs mv d new
    vcs status
    vcs commit -m moved
}

test_mv_refuses_to_overwrite() {
    lines a.txt one
    lines b.txt two
    commit first
    fails vcs mv a.txt b.txt
    fails vcs mv nothing.txt c.txt
    lines c.txt untracked
    fails vcs mv a.txt c.txt
    fails vcs mv c.txt d.txt
    vcs mv -f a.txt b.txt
}

test_mv_takes_changes_along() {
    numbers a.txt 1 20
    commit first
    line 3 three a.txt
    vcs mv a.txt b.txt
    vcs status
    vcs commit -m "renamed only"
    vcs commit -a -m "changed"
}

test_mv_into_a_folder_that_is_not_there_fails() {
    lines a.txt one
    lines b.txt one
    commit first
    fails vcs mv a.txt b.txt nowhere
    fails vcs mv a.txt nowhere/
    fails vcs mv a.txt deep/nowhere/a.txt
}

test_commit_of_paths_takes_only_these() {
    lines a.txt one
    lines b.txt one
    lines c.txt one
    commit first
    lines a.txt two
    lines b.txt two
    lines c.txt two
    vcs add b.txt
    vcs commit -m "only a" a.txt
    vcs status
    fails vcs commit -m "not there" nothing.txt
    vcs commit -m "the staged one"
}

test_commit_of_a_folder_and_of_a_removal() {
    mkdir d
    lines d/a.txt one
    lines d/b.txt one
    lines c.txt one
    commit first
    lines d/a.txt two
    rm d/b.txt
    lines d/new.txt untracked
    lines c.txt two
    vcs commit -m "the folder" d
    vcs status
}

test_messages() {
    lines a.txt one
    vcs add a.txt
    vcs commit -m "subject" -m "second paragraph" -m "third"
    lines ../message "from a file" "" "with a body  " "" ""
    lines a.txt two
    vcs commit -a -F ../message
    fails vcs commit --allow-empty -m ""
    vcs commit --allow-empty --allow-empty-message -m ""
    vcs commit --allow-empty -m "

  leading empty lines


and many between

"
    rm ../message
}

test_somebody_elses_work() {
    lines a.txt one
    vcs add a.txt
    vcs commit -m first --author="Some Body <some@example.com>" \
        --date="@1600000000 +0000"
    fails vcs commit --allow-empty -m x --author="nonsense"
    shows vcs log --format="%an %ae %at %cn"
}

test_amend() {
    lines a.txt one
    commit first
    lines a.txt two
    vcs commit -a -m wrong --author="Some Body <some@example.com>"
    vcs commit --amend -m "right"
    lines b.txt forgotten
    vcs add b.txt
    vcs commit --amend --no-edit
    vcs commit --amend -m "other author" --author="Another <an@example.com>"
    shows vcs log --format="%s %an"
}

test_amend_of_the_first_commit() {
    fails vcs commit --amend -m "nothing there"
    lines a.txt one
    commit first
    lines a.txt two
    vcs commit -a --amend -m "better"
    vcs commit --amend -m "same content"
}

test_amend_to_nothing_is_refused() {
    lines a.txt one
    commit first
    lines a.txt two
    commit second
    lines a.txt one
    vcs add a.txt
    fails vcs commit --amend -m "as the parent"
    vcs commit --amend --allow-empty -m "as the parent"
}

test_amend_keeps_both_parents_of_a_merge() {
    lines a.txt one
    commit first
    vcs switch -c other
    lines b.txt one
    commit theirs
    vcs switch main
    lines c.txt one
    commit ours
    vcs merge -m merged other
    lines c.txt two
    vcs commit -a --amend -m "merged, with a word"
}

test_amend_of_paths() {
    lines a.txt one
    lines b.txt one
    commit first
    lines a.txt two
    commit second
    lines a.txt three
    lines b.txt three
    vcs commit --amend -m second b.txt
}

test_commands_outside_of_a_repository() {
    mkdir ../outside
    cd ../outside
    fails vcs status
    fails vcs add .
    fails vcs log
    fails vcs commit -m x
    cd ..
    rmdir outside
}

test_commands_in_an_empty_repository() {
    fails vcs log
    vcs status
    fails vcs show
    shows vcs branch
    shows vcs tag
    fails vcs branch other
    fails vcs tag v1
    fails vcs reset --hard HEAD
    fails vcs checkout main
}

test_a_repository_in_the_work_tree_is_let_alone() {
    lines a.txt one
    commit first
    mkdir inner
    cd inner
    vcs init
    lines b.txt one
    commit inner
    cd ..
    vcs status
}

test_another_branch_before_the_first_commit() {
    vcs switch -c early
    lines a.txt one
    commit first
    fails vcs switch main
}
