# worktree.
# shellcheck shell=sh disable=SC2103 # not in a subshell: the clock goes on

# there FOLDER COMMAND...: in that work tree.
there() {
    main=$PWD
    cd "$1"
    shift
    vcs "$@"
    cd "$main"
}

setup() {
    vcs init
    lines a.txt one
    mkdir d
    lines d/b.txt two
    commit first
    vcs branch side
    lines a.txt more
    commit second
    beside=../beside-$VCS
    quietly tag v1
}

test_add_makes_a_branch() {
    vcs worktree add "$beside/w"
    shows there "$beside/w" branch --show-current
    shows vcs branch
    fails vcs switch w
    vcs switch --ignore-other-worktrees w
}

test_add_of_a_branch() {
    vcs worktree add "$beside/w" side
    fails vcs worktree add "$beside/x" side
    fails vcs worktree add "$beside/x" main
    vcs worktree add -f "$beside/x" side
    shows there "$beside/x" branch --show-current
    shows vcs branch
}

test_add_with_a_new_branch() {
    vcs worktree add -b new "$beside/w" v1
    fails vcs worktree add -B new "$beside/x"
    vcs worktree add -B side "$beside/x" v1
    shows there "$beside/x" log --format=%s
}

test_add_detached() {
    vcs worktree add --detach "$beside/w"
    vcs worktree add "$beside/x" v1
    shows there "$beside/x" branch --show-current
    fails vcs worktree add "$beside/y" nothing
    fails vcs worktree add --detach "$beside/x"
    fails vcs worktree add
}

test_commits_are_shared() {
    vcs worktree add "$beside/w"
    lines "$beside/w/new.txt" new
    there "$beside/w" add new.txt
    vcs status
    there "$beside/w" commit -q -m there
    vcs merge -q w
    shows there "$beside/w" status --porcelain
}

test_a_branch_in_use_stays() {
    vcs worktree add "$beside/w"
    fails vcs branch -d w
    fails vcs branch -D w
    fails vcs branch -f w side
    fails vcs branch -f w
    vcs branch -m w other
    shows there "$beside/w" branch --show-current
}

test_remove() {
    vcs worktree add "$beside/w"
    vcs worktree remove "$beside/w"
    [ ! -e "$beside/w" ]
    vcs branch -d w
    vcs worktree add "$beside/w" side
    lines "$beside/w/a.txt" changed
    fails vcs worktree remove "$beside/w"
    vcs worktree remove --force "$beside/w"
    vcs worktree add "$beside/w" side
    lines "$beside/w/new.txt" untracked
    fails vcs worktree remove "$beside/w"
    vcs worktree remove -f w
    fails vcs worktree remove w
    fails vcs worktree remove .
}

test_lock_and_prune() {
    vcs worktree add "$beside/w"
    vcs worktree lock --reason away "$beside/w"
    fails vcs worktree lock "$beside/w"
    fails vcs worktree remove "$beside/w"
    fails vcs worktree move "$beside/w" "$beside/x"
    rm -rf "$beside/w"
    vcs worktree prune
    fails vcs branch -d w
    vcs worktree unlock w
    fails vcs worktree unlock w
    vcs worktree prune
    vcs branch -d w
}

test_move() {
    vcs worktree add "$beside/w"
    vcs worktree move "$beside/w" "$beside/x"
    shows there "$beside/x" status --porcelain
    mkdir "$beside/into"
    vcs worktree move x "$beside/into"
    shows there "$beside/into/x" branch --show-current
    fails vcs worktree move . "$beside/y"
}

test_repair() {
    vcs worktree add "$beside/w"
    mv "$beside/w" "$beside/x"
    vcs worktree repair "$beside/x"
    vcs worktree prune
    shows there "$beside/x" branch --show-current
}

test_unfinished_work_is_its_own() {
    vcs worktree add "$beside/w" side
    lines "$beside/w/a.txt" theirs
    there "$beside/w" commit -q -a -m theirs
    fails vcs merge side
    fails there "$beside/w" merge --abort
    shows there "$beside/w" status --porcelain
    vcs merge --abort
    fails there "$beside/w" rebase main
    fails vcs switch side
    fails vcs branch -D side
    there "$beside/w" rebase --abort
}

test_stashes_are_shared() {
    vcs worktree add "$beside/w"
    lines a.txt stashed
    vcs stash
    there "$beside/w" stash pop
    shows there "$beside/w" status --porcelain
}
