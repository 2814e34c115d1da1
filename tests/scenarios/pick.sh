# cherry-pick and revert.
# shellcheck shell=sh

# other has three commits on top of base: t1 and t3 in a.txt, t2 a new file.
setup() {
    vcs init
    numbers a.txt 1 10
    lines k.txt keep
    commit base
    vcs switch -c other
    line 1 t1 a.txt
    commit t1
    lines new.txt t2
    commit t2
    line 5 t3 a.txt
    commit t3
    vcs switch main
    lines m.txt main
    commit main1
}

test_one_commit() {
    vcs cherry-pick other
    vcs cherry-pick other~1
}

test_several_commits_and_ranges() {
    vcs cherry-pick other~2 other~1
    vcs reset --hard HEAD~2
    vcs cherry-pick main..other
    shows vcs log --format=%s
}

test_a_part_of_a_range() {
    vcs cherry-pick other~2..other
    shows vcs log --format=%s
}

test_the_author_is_kept() {
    vcs switch other
    vcs commit --amend -m t3 --author="Some Body <some@example.com>"
    vcs switch main
    vcs cherry-pick other
    shows vcs log -n 1 --format="%an %at %cn"
}

test_where_it_comes_from() {
    vcs cherry-pick -x other
}

test_without_a_commit() {
    vcs cherry-pick -n other
    vcs cherry-pick --no-commit other~1
    vcs commit -m "both at once"
}

test_without_a_commit_onto_what_is_staged() {
    line 10 staged a.txt
    vcs add a.txt
    vcs cherry-pick -n other
    line 10 dirty a.txt
    fails vcs cherry-pick -n other~2
    vcs commit -m "staged and picked"
}

test_without_a_commit_and_a_conflict_with_what_is_staged() {
    line 5 staged a.txt
    vcs add a.txt
    fails vcs cherry-pick -n other
    line 5 solved a.txt
    vcs add a.txt
    vcs cherry-pick -n other~1
    vcs commit -m "solved"
}

test_a_conflict_continued() {
    line 1 ours a.txt
    commit main2
    fails vcs cherry-pick other~2
    fails vcs cherry-pick --continue
    fails vcs cherry-pick other
    line 1 both a.txt
    vcs add a.txt
    vcs cherry-pick --continue
    fails vcs cherry-pick --continue
}

test_a_conflict_committed() {
    line 1 ours a.txt
    commit main2
    fails vcs cherry-pick other~2
    line 1 both a.txt
    vcs add a.txt
    vcs commit -m "solved"
}

test_a_conflict_given_up() {
    line 1 ours a.txt
    commit main2
    line 1 dirty k.txt
    fails vcs cherry-pick other~2
    vcs cherry-pick --abort
    fails vcs cherry-pick --abort
}

test_a_conflict_in_a_range() {
    line 5 ours a.txt
    commit main2
    fails vcs cherry-pick main..other
    line 5 both a.txt
    vcs add a.txt
    vcs cherry-pick --continue
    shows vcs log --format=%s
}

test_a_range_goes_on_after_a_conflict() {
    line 1 ours a.txt
    commit main2
    fails vcs cherry-pick main..other
    line 1 both a.txt
    vcs add a.txt
    vcs cherry-pick --continue
    shows vcs log --format=%s
}

test_skipping_in_a_range() {
    line 1 ours a.txt
    commit main2
    fails vcs cherry-pick main..other
    vcs cherry-pick --skip
    shows vcs log --format=%s
}

test_skipping_leaves_other_edits() {
    line 1 ours a.txt
    commit main2
    line 1 dirty k.txt
    fails vcs cherry-pick main..other
    vcs cherry-pick --skip
}

test_giving_up_a_range() {
    line 5 ours a.txt
    commit main2
    fails vcs cherry-pick main..other
    vcs cherry-pick --abort
    shows vcs log --format=%s
}

test_quitting_a_range() {
    line 5 ours a.txt
    commit main2
    fails vcs cherry-pick main..other
    vcs cherry-pick --quit
    shows vcs log --format=%s
}

test_quitting_with_conflicts() {
    line 5 ours a.txt
    commit main2
    fails vcs cherry-pick other
    vcs cherry-pick --quit
    line 5 both a.txt
    vcs add a.txt
    vcs commit -m "by hand"
    vcs cherry-pick --quit
    fails vcs revert other~2
    vcs revert --quit
    vcs reset --hard
}

test_the_branch_before() {
    vcs switch other
    vcs switch main
    vcs cherry-pick -
}

test_a_commit_that_is_there_already() {
    vcs cherry-pick other
    fails vcs cherry-pick other
    vcs cherry-pick --skip
}

test_an_empty_commit() {
    vcs switch other
    vcs commit --allow-empty -m empty
    vcs switch main
    fails vcs cherry-pick other
    vcs cherry-pick --abort
    vcs cherry-pick --allow-empty other
}

# merged: a merge of other into main.
merge_them() {
    vcs switch -c merged
    vcs merge -m merged other
    vcs switch main
}

test_a_merge_needs_a_parent() {
    merge_them
    fails vcs cherry-pick merged
    vcs cherry-pick -m 1 merged
    vcs reset --hard HEAD~1
    fails vcs cherry-pick -m 2 merged
    fails vcs cherry-pick -m 3 merged
    vcs cherry-pick -m 1 other
}

test_a_parent_of_a_commit_that_is_no_merge() {
    fails vcs cherry-pick -m 2 other
    vcs cherry-pick -m 1 other
    vcs revert -m 1 HEAD
    fails vcs revert -m 2 HEAD~1
    shows vcs log --format=%s
}

test_a_range_with_a_merge() {
    merge_them
    vcs switch merged
    lines late.txt x
    commit late
    vcs switch -c again main
    vcs cherry-pick -m 1 merged~1 merged
    shows vcs log --format=%s
}

test_local_changes() {
    line 10 dirty a.txt
    fails vcs cherry-pick other
    vcs checkout -- a.txt
    line 1 dirty k.txt
    vcs cherry-pick other
    vcs add k.txt
    fails vcs cherry-pick other~1
}

test_untracked_files_in_the_way() {
    lines new.txt mine
    fails vcs cherry-pick other~1
}

test_removed_and_changed() {
    vcs rm -q a.txt
    vcs commit -m gone
    fails vcs cherry-pick other
    vcs rm -q a.txt
    fails vcs cherry-pick --continue
    vcs cherry-pick --skip
}

test_a_renamed_file() {
    vcs mv a.txt b.txt
    vcs commit -m renamed
    vcs cherry-pick other
}

test_on_a_branch_without_commits_in_common() {
    fails vcs cherry-pick nothing
    fails vcs cherry-pick main..main
    fails vcs cherry-pick
}

test_a_side_preferred() {
    line 1 ours a.txt
    commit main2
    vcs cherry-pick -X theirs other~2
}

test_detached() {
    vcs switch --detach
    vcs cherry-pick other
    vcs switch main
}

test_the_first_commit_of_all() {
    vcs rm -q k.txt
    vcs commit -m "without k"
    vcs cherry-pick other~3
}

test_reverting_the_last() {
    vcs revert HEAD
    vcs revert HEAD
}

test_reverting_without_an_editor() {
    vcs revert --no-edit HEAD
}

test_reverting_an_older_one() {
    vcs switch other
    vcs revert HEAD~1
    vcs revert HEAD~3
}

test_reverting_several() {
    vcs switch other
    vcs revert HEAD HEAD~1
    vcs reset --hard HEAD~2
    vcs revert HEAD~2..HEAD
    shows vcs log --format=%s
}

test_reverting_without_a_commit() {
    vcs switch other
    vcs revert -n HEAD
    vcs revert --no-commit HEAD~1
    vcs commit -m "both taken back"
}

test_reverting_with_a_conflict() {
    vcs switch other
    line 1 again a.txt
    commit t4
    fails vcs revert HEAD~3
    line 1 solved a.txt
    vcs add a.txt
    vcs revert --continue
}

test_reverting_with_a_conflict_given_up() {
    vcs switch other
    line 1 again a.txt
    commit t4
    fails vcs revert HEAD~3
    vcs revert --abort
    fails vcs revert HEAD~3
    vcs revert --skip
}

test_reverting_a_merge() {
    merge_them
    vcs switch merged
    fails vcs revert HEAD
    vcs revert -m 1 HEAD
    vcs reset --hard HEAD~1
    vcs revert -m 2 HEAD
}

test_reverting_a_removal() {
    vcs rm -q k.txt
    vcs commit -m gone
    vcs revert HEAD
}

test_reverting_an_addition_that_changed() {
    lines m.txt changed
    commit main2
    fails vcs revert HEAD~1
    vcs rm -q m.txt
    vcs revert --continue
}

test_reverting_what_is_reverted() {
    vcs switch other
    vcs revert HEAD~1
    fails vcs revert HEAD~2
}

test_reverting_with_local_changes() {
    line 1 dirty k.txt
    vcs revert HEAD
    vcs add k.txt
    fails vcs revert HEAD
}
