# merge: which way it goes, and how one gets out of it.
# shellcheck shell=sh

# main and other part at "base": a.txt of ten lines, b.txt, and k.txt.
setup() {
    vcs init
    numbers a.txt 1 10
    lines b.txt one
    lines k.txt keep
    commit base
    vcs branch other
}

# theirs COMMAND...: a commit on other that does this.
theirs() {
    vcs switch -q other
    "$@"
    commit "${subject:-theirs}"
    vcs switch -q main
}

# ours COMMAND...: the same on main.
ours() {
    "$@"
    commit "${subject:-ours}"
}

test_a_branch_that_is_behind_moves() {
    theirs line 10 theirs a.txt
    vcs merge other
    shows vcs merge other
}

test_a_commit_where_moving_would_do() {
    theirs line 10 theirs a.txt
    vcs merge --no-ff other
}

test_the_branch_before() {
    fails vcs merge -
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    vcs merge --no-edit -
}

test_ff_only() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    fails vcs merge --ff-only other
    vcs reset --hard HEAD~1
    vcs merge --ff-only other
}

test_already_up_to_date() {
    ours line 1 ours a.txt
    vcs merge other
    vcs merge --no-ff other
    vcs merge HEAD
    vcs merge --ff-only HEAD~1
}

test_both_sides_come_together() {
    theirs line 10 theirs a.txt
    ours line 1 ours a.txt
    vcs merge other
}

test_the_message() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    vcs merge -m "one" -m "two" other
    vcs reset --hard HEAD~1
    lines ../words "from a file" "" "more"
    vcs merge -F ../words other
    rm ../words
    vcs reset --hard HEAD~1
    vcs switch other
    vcs merge main
}

test_merging_a_tag() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    vcs tag light other
    vcs tag -m "heavy words" heavy other
    vcs merge light
    vcs reset --hard HEAD~1
    vcs merge heavy
    vcs reset --hard HEAD~2
    vcs merge heavy
}

test_merging_an_id() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    vcs merge -m "by its id" "$(id other)"
    vcs reset --hard HEAD~1
    theirs line 9 more a.txt
    vcs merge other~1
}

test_names_of_a_part_of_a_branch() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    for name in other~0 other^0 refs/heads/other heads/other; do
        vcs merge "$name"
        vcs reset --hard HEAD~1
    done
    theirs line 9 more a.txt
    theirs line 8 and a.txt
    for name in other^ other^^ other~ other~01; do
        vcs merge "$name"
        vcs reset --hard HEAD~1
    done
}

test_squash() {
    theirs line 10 theirs a.txt
    theirs lines c.txt new
    ours line 1 ours b.txt
    vcs merge --squash other
    vcs commit -m squashed
    fails vcs merge --squash --no-ff other
}

test_squash_of_a_branch_that_is_ahead() {
    theirs line 10 theirs a.txt
    vcs merge --squash other
    vcs status
    vcs reset --hard
}

test_squash_with_conflicts() {
    theirs line 1 theirs a.txt
    ours line 1 ours a.txt
    fails vcs merge --squash other
    fails vcs commit -m early
    line 1 both a.txt
    vcs add a.txt
    vcs commit -m squashed
}

test_squash_is_not_a_merge_to_give_up() {
    theirs line 10 theirs a.txt
    vcs merge --squash other
    fails vcs merge --abort
    fails vcs merge --continue
    vcs commit --no-edit
}

test_no_commit() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    vcs merge --no-commit other
    line 1 more k.txt
    vcs add k.txt
    vcs commit -m "with more"
}

test_no_commit_where_moving_would_do() {
    theirs line 10 theirs a.txt
    vcs merge --no-commit other
    vcs reset --hard HEAD~1
    vcs merge --no-commit --no-ff other
    vcs merge --continue
}

test_no_commit_given_up() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    vcs merge --no-commit other
    vcs merge --abort
    fails vcs merge --abort
}

test_abort() {
    theirs line 1 theirs a.txt
    ours line 1 ours a.txt
    line 1 mine k.txt
    fails vcs merge other
    vcs merge --abort
    vcs merge -X ours other
}

test_abort_after_resolving_some() {
    theirs line 1 theirs a.txt
    theirs line 1 theirs b.txt
    ours line 1 ours a.txt
    ours line 1 ours b.txt
    fails vcs merge other
    vcs add a.txt
    vcs merge --abort
}

test_continue() {
    theirs line 1 theirs a.txt
    ours line 1 ours a.txt
    fails vcs merge other
    fails vcs merge --continue
    line 1 both a.txt
    vcs add a.txt
    vcs merge --continue
    fails vcs merge --continue
}

test_a_merge_that_goes_on_stops_others() {
    theirs line 1 theirs a.txt
    ours line 1 ours a.txt
    vcs branch third other
    fails vcs merge other
    fails vcs merge third
    fails vcs switch other
    fails vcs switch -c new
    fails vcs commit -m early
    fails vcs commit --amend -m early
    vcs commit -a -m "with the marks"
}

test_commit_a_resolves() {
    theirs line 1 theirs a.txt
    ours line 1 ours a.txt
    fails vcs merge other
    line 1 both a.txt
    vcs commit -a -m merged
}

test_paths_cannot_be_committed_in_a_merge() {
    theirs line 1 theirs a.txt
    ours line 1 ours a.txt
    fails vcs merge other
    line 1 both a.txt
    fails vcs commit -m part a.txt
    fails vcs commit -m part b.txt
}

test_reset_ends_a_merge() {
    theirs line 1 theirs a.txt
    ours line 1 ours a.txt
    fails vcs merge other
    fails vcs reset --soft HEAD
    vcs reset
    vcs commit -a -m "no merge"
    fails vcs merge other
    vcs reset --hard
}

test_resolving_by_rm() {
    theirs line 1 theirs a.txt
    ours line 1 ours a.txt
    fails vcs merge other
    vcs rm -f a.txt
    vcs commit -m "without it"
}

test_resolving_with_a_side() {
    theirs line 1 theirs a.txt
    ours line 1 ours a.txt
    fails vcs merge other
    vcs checkout HEAD -- a.txt
    vcs commit -m "as we had it"
}

test_restoring_the_staged_side_in_a_conflict() {
    theirs line 1 theirs a.txt
    ours line 1 ours a.txt
    fails vcs merge other
    vcs restore --staged a.txt
    vcs status
}

test_local_changes_not_in_the_way() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    line 1 mine k.txt
    lines untracked.txt x
    vcs merge other
}

test_local_changes_in_the_way() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    line 1 mine a.txt
    fails vcs merge other
    vcs add a.txt
    fails vcs merge other
}

test_staged_changes_stop_a_merge() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    line 1 mine k.txt
    vcs add k.txt
    fails vcs merge other
    vcs reset -q
    vcs merge other
}

test_staged_changes_and_a_branch_that_moves() {
    theirs line 10 theirs a.txt
    line 1 mine k.txt
    vcs add k.txt
    vcs merge other
}

test_untracked_files_in_the_way() {
    theirs lines new.txt theirs
    ours line 1 ours b.txt
    lines new.txt mine
    fails vcs merge other
    rm new.txt
    mkdir new.txt
    lines new.txt/inner mine
    fails vcs merge other
}

test_untracked_files_in_the_way_of_moving() {
    theirs lines new.txt theirs
    lines new.txt mine
    fails vcs merge other
    fails vcs merge --no-ff other
}

test_a_removed_file_that_the_merge_changes() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    rm a.txt k.txt
    vcs merge other
}

test_unrelated_histories() {
    vcs switch --orphan fresh
    lines fresh.txt one
    commit "another root"
    fails vcs merge main
    vcs merge --allow-unrelated-histories -m joined main
}

test_detached_head() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    vcs switch --detach
    vcs merge other
    vcs switch main
}

test_criss_cross() {
    theirs line 10 theirs a.txt
    ours line 1 ours a.txt
    vcs branch left
    vcs merge -m "one way" other
    vcs switch other
    vcs merge -m "other way" left
    line 5 five a.txt
    commit "theirs after"
    vcs switch main
    lines c.txt more
    commit "ours after"
    vcs merge other
}

test_criss_cross_with_conflicts_in_the_base() {
    theirs line 5 theirs a.txt
    ours line 5 ours a.txt
    vcs branch left
    fails vcs merge other
    line 5 mine a.txt
    numbers a.txt 1 10
    line 5 solved a.txt
    vcs commit -a -m "one way"
    vcs switch other
    fails vcs merge left
    numbers a.txt 1 10
    line 5 "otherwise" a.txt
    vcs commit -a -m "other way"
    vcs switch main
    fails vcs merge other
}

test_merging_twice() {
    theirs line 10 first a.txt
    ours line 1 ours b.txt
    vcs merge -m one other
    theirs line 9 second a.txt
    vcs merge -m two other
    vcs switch other
    vcs merge main
}

test_a_reverted_change_stays_reverted() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    vcs merge -m one other
    line 10 10 a.txt
    commit "taken back"
    theirs line 2 more a.txt
    vcs merge -m two other
}

test_nothing_to_merge() {
    fails vcs merge nothing
    fails vcs merge --abort
    fails vcs merge --continue
    fails vcs merge HEAD:a.txt
}

test_options_that_do_not_go_together() {
    theirs line 10 theirs a.txt
    fails vcs merge --no-ff --squash other
    ours line 1 ours b.txt
    fails vcs merge --abort other
    fails vcs merge -X nothing other
}

test_several_heads() {
    theirs line 10 theirs a.txt
    vcs switch -c third main
    lines third.txt x
    commit third
    vcs switch main
    vcs merge other third
}

test_a_side_that_is_preferred() {
    theirs line 1 theirs a.txt
    theirs line 10 theirs a.txt
    ours line 1 ours a.txt
    vcs merge -X ours -m one other
    vcs reset --hard HEAD~1
    vcs merge -X theirs -m two other
}

test_a_side_that_is_preferred_and_removals() {
    theirs line 1 theirs a.txt
    vcs rm -q a.txt
    vcs commit -m gone
    fails vcs merge -X ours other
    vcs merge --abort
    fails vcs merge -X theirs other
}

test_settings() {
    theirs line 10 theirs a.txt
    config merge.ff false
    vcs merge -m "by setting" other
    vcs reset --hard HEAD~1
    config merge.ff only
    ours line 1 ours b.txt
    fails vcs merge other
    vcs merge --ff -m "all the same" other
}

test_amend_in_a_merge_is_refused() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    vcs merge --no-commit other
    fails vcs commit --amend -m x
    fails vcs merge other
    vcs commit --no-edit
}

test_a_deleted_branch_stays_merged() {
    theirs line 10 theirs a.txt
    ours line 1 ours b.txt
    vcs merge other
    vcs branch -d other
    shows vcs log --format=%s
}
