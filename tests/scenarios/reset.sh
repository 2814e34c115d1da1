# reset: soft, mixed, hard; what happens to changes and untracked files.
# shellcheck shell=sh

setup() {
    vcs init
    lines a.txt one
    lines b.txt one
    commit first
    lines a.txt two
    lines c.txt two
    commit second
    vcs rm -q b.txt
    lines a.txt three
    commit third
}

test_soft() {
    lines a.txt changed
    vcs reset --soft HEAD~1
    vcs commit -m "third again"
    vcs reset --soft HEAD~2
}

test_mixed() {
    lines a.txt staged
    vcs add a.txt
    vcs reset HEAD~1
    vcs reset --mixed HEAD~1
    vcs status
}

test_hard() {
    lines a.txt staged
    vcs add a.txt
    lines untracked.txt x
    vcs reset --hard HEAD~1
    vcs reset --hard HEAD~1
}

test_hard_to_the_same_commit() {
    lines a.txt changed
    lines new.txt added
    vcs add new.txt
    rm c.txt
    vcs reset --hard
    lines new.txt added
    vcs add new.txt
    lines new.txt "and changed"
    vcs reset --hard HEAD
}

test_hard_over_untracked_files() {
    lines b.txt mine
    vcs reset --hard HEAD~1
}

test_hard_over_a_folder_in_the_place() {
    mkdir b.txt
    lines b.txt/inner x
    vcs reset --hard HEAD~1
}

test_hard_over_deep_folders_in_the_place() {
    mkdir -p b.txt/one/two b.txt/empty/more
    lines b.txt/one/two/inner x
    lines b.txt/other y
    ln -s other b.txt/link
    vcs reset --hard HEAD~1
}

test_going_back_by_the_reflog() {
    vcs reset --hard HEAD~2
    vcs reset --hard 'HEAD@{1}'
    vcs reset --hard 'main@{1}'
    vcs reset --soft '@{1}'
}

test_on_a_detached_head() {
    vcs switch --detach
    vcs reset --hard HEAD~1
    lines d.txt x
    commit "on nothing"
    vcs reset HEAD~1
    vcs switch main
}

test_to_another_branch_and_a_tag() {
    vcs branch other HEAD~2
    vcs tag -m word v1 HEAD~1
    vcs reset --hard other
    vcs reset --hard v1
    fails vcs reset --hard nothing
    fails vcs reset --hard HEAD~9
}

test_options_do_not_go_together() {
    fails vcs reset --soft HEAD~1 -- a.txt
    fails vcs reset --hard HEAD -- a.txt
}

test_mixed_keeps_added_files_untracked() {
    lines new.txt x
    vcs add new.txt
    commit fourth
    vcs reset HEAD~1
    vcs add -A
    vcs commit -m "fourth again"
}

test_hard_restores_bits_links_and_folders() {
    mkdir d
    lines d/x one
    ln -s a.txt link
    commit odd
    chmod +x a.txt
    rm -r d link
    lines d file
    mkdir link
    vcs reset --hard
}

