# Branches, and switching with changes in the work tree.
# shellcheck shell=sh

# main with two commits, other with the first of them.
setup() {
    vcs init
    numbers a.txt 1 10
    lines b.txt one
    commit first
    vcs branch other
    line 5 five a.txt
    lines c.txt new
    commit second
}

test_making_and_listing() {
    vcs branch new
    vcs branch old HEAD~1
    fails vcs branch new
    fails vcs branch x nothing
    shows vcs branch
    vcs switch new
    shows vcs branch
    shows vcs branch --show-current
}

test_deleting() {
    vcs branch merged HEAD~1
    vcs branch -d merged
    fails vcs branch -d main
    fails vcs branch -d nothing
    vcs switch other
    lines d.txt x
    commit "only here"
    vcs switch main
    fails vcs branch -d other
    vcs branch -D other
}

test_deleting_several() {
    vcs branch one
    vcs branch two
    vcs branch -d one two
    vcs branch three
    fails vcs branch -d nothing three
    shows vcs branch
}

test_beginning_anew() {
    lines loose.txt untracked
    vcs switch --orphan fresh
    vcs switch main
    fails vcs switch --orphan other
    lines b.txt dirty
    fails vcs switch --orphan fresh
    vcs add b.txt
    fails vcs switch --orphan fresh
    vcs reset --hard
    vcs switch --orphan fresh
    lines d.txt one
    commit "a new root"
    shows vcs log --format=%s
    vcs switch main
}

test_patterns() {
    vcs branch old/one
    vcs branch old/two
    shows vcs branch --list 'o*'
    shows vcs branch -l 'old/t*' main
    shows vcs branch --list 'nothing*'
    shows vcs branch --list
    vcs switch --detach
    shows vcs branch --list 'main'
}

test_renaming() {
    vcs branch -m other renamed
    fails vcs branch -m renamed main
    fails vcs branch -m nothing new
    vcs branch -m trunk
    shows vcs branch
    vcs branch -M renamed trunk2
    fails vcs branch -M trunk2 trunk
}

test_moving_a_branch() {
    fails vcs branch other HEAD
    vcs branch -f other HEAD
    fails vcs branch -f main HEAD~1
}

test_switching_changes_files() {
    vcs switch other
    vcs switch main
    vcs switch -
    vcs switch -
    fails vcs switch nothing
    fails vcs switch
    vcs switch main
}

test_local_changes_are_kept_where_not_in_the_way() {
    lines b.txt changed
    lines untracked.txt x
    vcs switch other
    vcs switch main
}

test_local_changes_in_the_way_are_refused() {
    line 1 mine a.txt
    fails vcs switch other
    vcs add a.txt
    fails vcs switch other
    fails vcs checkout other
}

test_what_is_staged_is_kept_where_not_in_the_way() {
    lines b.txt staged
    vcs add b.txt
    lines b.txt "and changed"
    lines d.txt added
    vcs add d.txt
    vcs switch other
    vcs switch main
}

test_staged_removals_are_kept() {
    vcs rm b.txt
    vcs switch other
    vcs switch main
    rm a.txt
    vcs status
    vcs switch other
}

test_untracked_files_in_the_way_are_refused() {
    vcs switch other
    lines c.txt mine
    fails vcs switch main
    rm c.txt
    mkdir c.txt
    lines c.txt/inner x
    fails vcs switch main
}

test_untracked_files_with_the_same_content_are_no_obstacle() {
    vcs switch other
    lines c.txt new
    fails vcs switch main
}

test_local_changes_that_are_what_the_other_has() {
    numbers a.txt 1 10
    fails vcs switch other
    vcs add a.txt
    vcs switch other
}

test_a_removed_file_that_differs_is_brought_back() {
    rm c.txt
    vcs switch other
    vcs switch main
    rm b.txt
    vcs switch other
}

test_force_throws_changes_away() {
    line 1 mine a.txt
    lines b.txt staged
    vcs add b.txt
    vcs switch -f other
    lines c.txt untracked
    vcs switch -f main
}

test_force_throws_away_a_folder_in_the_place() {
    vcs switch other
    rm a.txt
    mkdir a.txt
    lines a.txt/inner x
    vcs switch -f main
}

test_creating_and_switching() {
    lines b.txt changed
    vcs switch -c new
    vcs commit -a -m "on new"
    vcs switch -c from-first main~1
    fails vcs switch -c new
    vcs switch -C new main
    fails vcs switch -c x nothing
}

test_creating_with_changes_in_the_way() {
    line 1 mine a.txt
    fails vcs switch -c new main~1
    vcs switch -c new
    fails vcs switch -C other main~1
}

test_detached_head() {
    vcs switch --detach
    vcs switch --detach main~1
    lines d.txt x
    commit "on nothing"
    vcs branch kept
    vcs switch main
    vcs switch -d kept
    fails vcs switch HEAD~1
    vcs switch -
}

test_checkout_of_a_commit_detaches() {
    vcs checkout HEAD~1
    vcs checkout -b from-here
    vcs checkout main
    vcs checkout --detach
    vcs checkout -
}

test_checkout_makes_branches() {
    vcs checkout -b new
    fails vcs checkout -b new
    vcs checkout -B new other
    vcs checkout -b third main~1
    fails vcs checkout nothing
}

test_the_branch_before() {
    vcs switch other
    vcs switch main
    vcs branch x '@{-1}'
    vcs switch '@{-1}'
    shows vcs log --format=%s '@{-1}'
    vcs merge '@{-1}'
}

test_a_folder_is_a_file_on_the_other_branch() {
    vcs switch -c folders
    vcs rm -q b.txt
    mkdir b.txt
    lines b.txt/inner x
    commit folder
    vcs switch main
    vcs switch folders
    lines b.txt/untracked x
    fails vcs switch main
}

test_links_and_bits_change_with_the_branch() {
    vcs switch -c odd
    chmod +x b.txt
    rm c.txt
    ln -s b.txt c.txt
    commit odd
    vcs switch main
    vcs switch odd
    chmod -x b.txt
    fails vcs switch main
}

test_a_folder_link_does_not_lead_out() {
    vcs switch -c folder
    mkdir sub
    lines sub/x inner
    commit folder
    vcs switch main
    mkdir ../elsewhere
    ln -s ../elsewhere sub
    fails vcs switch folder
    rm sub
    vcs switch folder
    rmdir ../elsewhere
}

test_the_current_branch_cannot_be_deleted() {
    fails vcs branch -D main
    vcs switch --detach
    vcs branch -D main
    fails vcs switch main
}

test_a_branch_at_a_tag() {
    vcs tag v1 HEAD~1
    vcs tag -a -m "with a word" v2
    vcs branch at-v1 v1
    vcs branch at-v2 v2
    vcs switch at-v1
    fails vcs switch v2
    vcs switch --detach v2
}
