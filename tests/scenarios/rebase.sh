# rebase.
# shellcheck shell=sh

# topic has three commits on base, main has one.
setup() {
    vcs init
    numbers a.txt 1 10
    lines k.txt keep
    commit base
    vcs switch -c topic
    line 1 t1 a.txt
    commit t1
    lines new.txt t2
    commit t2
    line 5 t3 a.txt
    commit t3
    vcs switch main
    lines m.txt main
    commit main1
    vcs switch topic
}

test_onto_a_branch() {
    vcs rebase main
    shows vcs log --format=%s
    vcs rebase main
}

test_a_branch_that_is_not_current() {
    vcs switch main
    vcs rebase main topic
    shows vcs log --format=%s
}

test_where_nothing_is_to_do() {
    vcs switch -c ahead main
    lines x x
    commit ahead
    vcs rebase main
    vcs switch main
    vcs rebase ahead
}

test_onto_something_else() {
    vcs rebase --onto main HEAD~1
    shows vcs log --format=%s
}

test_onto_with_a_branch() {
    vcs switch -c sub
    lines s.txt sub
    commit s1
    vcs switch main
    vcs rebase --onto main topic sub
    shows vcs log --format=%s
}

test_dropping_a_commit_in_the_middle() {
    vcs rebase --onto HEAD~2 HEAD~1
    shows vcs log --format=%s
}

conflicting_main() {
    vcs switch main
    line 1 m a.txt
    commit main2
    vcs switch topic
}

test_a_conflict_continued() {
    conflicting_main
    fails vcs rebase main
    fails vcs rebase --continue
    fails vcs rebase main
    line 1 both a.txt
    vcs add a.txt
    vcs rebase --continue
    shows vcs log --format=%s
    fails vcs rebase --continue
}

test_a_conflict_skipped() {
    conflicting_main
    fails vcs rebase main
    vcs rebase --skip
    shows vcs log --format=%s
}

test_a_conflict_given_up() {
    conflicting_main
    fails vcs rebase main
    vcs rebase --abort
    fails vcs rebase --abort
}

test_a_conflict_quit() {
    conflicting_main
    fails vcs rebase main
    vcs reset --hard
    vcs rebase --quit
}

test_two_conflicts() {
    vcs switch main
    line 1 m a.txt
    line 5 m a.txt
    commit main2
    vcs switch topic
    fails vcs rebase main
    line 1 both a.txt
    vcs add a.txt
    fails vcs rebase --continue
    line 5 both a.txt
    vcs add a.txt
    vcs rebase --continue
    shows vcs log --format=%s
}

test_solved_as_they_have_it() {
    conflicting_main
    fails vcs rebase main
    vcs checkout HEAD -- a.txt
    vcs rebase --continue
    shows vcs log --format=%s
}

test_commits_that_are_there_already() {
    vcs switch main
    vcs cherry-pick topic~1
    vcs switch topic
    vcs rebase main
    shows vcs log --format=%s
}

test_a_commit_that_becomes_empty() {
    vcs switch main
    line 1 t1 a.txt
    lines more.txt x
    commit "the same and more"
    vcs switch topic
    vcs rebase main
    shows vcs log --format=%s
}

test_commits_that_were_empty_stay() {
    vcs commit --allow-empty -m empty
    vcs rebase main
    shows vcs log --format=%s
}

test_merges_are_made_straight() {
    vcs switch -c side HEAD~1
    lines side.txt x
    commit side1
    vcs switch topic
    vcs merge -m merged side
    vcs rebase main
    shows vcs log --format=%s
}

test_local_changes_stop_it() {
    lines k.txt dirty
    fails vcs rebase main
    vcs add k.txt
    fails vcs rebase main
    vcs reset --hard
    lines untracked.txt x
    vcs rebase main
}

test_local_changes_put_aside() {
    lines k.txt dirty
    vcs rebase --autostash main
}

test_nothing_to_put_aside() {
    vcs rebase --autostash main
    lines k.txt dirty
    vcs rebase --autostash main
    fails vcs rebase --autostash nothing
}

test_staged_changes_put_aside() {
    lines k.txt dirty
    lines fresh.txt one
    vcs add k.txt fresh.txt
    lines loose.txt untracked
    vcs rebase --autostash main
}

test_changes_put_aside_until_it_goes_on() {
    conflicting_main
    lines k.txt dirty
    fails vcs rebase --autostash main
    line 1 both a.txt
    vcs add a.txt
    vcs rebase --continue
}

test_changes_put_aside_until_a_step_is_skipped() {
    conflicting_main
    lines k.txt dirty
    fails vcs rebase --autostash main
    vcs rebase --skip
}

test_changes_put_aside_until_it_is_given_up() {
    conflicting_main
    lines k.txt dirty
    fails vcs rebase --autostash main
    vcs rebase --abort
}

test_changes_put_aside_when_it_is_quit() {
    conflicting_main
    lines k.txt dirty
    fails vcs rebase --autostash main
    vcs reset --hard
    vcs rebase --quit
    vcs stash pop
}

test_changes_put_aside_that_do_not_fit() {
    vcs switch main
    lines k.txt other
    commit main2
    vcs switch topic
    lines k.txt dirty
    vcs rebase --autostash main
    vcs add k.txt
    vcs stash drop
}

test_changes_put_aside_on_another_branch() {
    vcs switch main
    lines k.txt dirty
    vcs rebase --autostash main topic
}

test_untracked_files_in_the_way() {
    lines m.txt mine
    fails vcs rebase main
}

test_detached() {
    vcs switch --detach
    vcs rebase main
    vcs switch topic
}

test_authors_are_kept() {
    vcs commit --amend -m t3 --author="Some Body <some@example.com>"
    vcs rebase main
    shows vcs log --format="%s %an %at" -n 3
}

test_names_that_are_not_there() {
    fails vcs rebase nothing
    fails vcs rebase --onto nothing main
    fails vcs rebase main nothing
    fails vcs rebase --continue
    fails vcs rebase --skip
}

test_renames_are_followed() {
    vcs switch main
    vcs mv a.txt b.txt
    vcs commit -m renamed
    vcs switch topic
    vcs rebase main
    shows vcs log --format=%s
}

test_all_the_way_to_the_root() {
    vcs rebase --root
    shows vcs log --format=%s
}

test_to_the_root_of_another_branch() {
    vcs switch main
    vcs rebase --root topic
    vcs rebase --root --onto main
    shows vcs log --format=%s
}

test_to_the_root_with_a_merge() {
    vcs merge --no-edit main
    vcs rebase --root
    shows vcs log --format=%s
}

test_the_branch_before_and_the_reflog() {
    vcs rebase main
    shows vcs log --format=%s -n 1 'topic@{1}'
    vcs reset --hard 'topic@{1}'
    vcs rebase -
}

test_committing_in_a_stop() {
    conflicting_main
    fails vcs rebase main
    line 1 both a.txt
    vcs add a.txt
    vcs commit -m "t1, solved"
    vcs rebase --continue
    shows vcs log --format=%s
}

test_amending_in_a_stop() {
    vcs switch main
    line 5 m a.txt
    commit main2
    vcs switch topic
    fails vcs rebase main
    line 5 both a.txt
    vcs add a.txt
    vcs rebase --continue
    vcs commit --amend -m "t3, better"
}

test_forced() {
    vcs rebase main
    vcs rebase --force-rebase main
}
