# What log lists and in which order; names of commits.
# shellcheck shell=sh

# one - two - three ------- merge - last   main
#          \- left - left2 -/
setup() {
    vcs init
    numbers a.txt 1 9
    commit one
    numbers a.txt 1 10
    commit two
    vcs branch side
    numbers a.txt 1 11
    commit three
    vcs switch side
    lines b.txt one
    commit left
    lines b.txt two
    commit left2
    vcs switch main
    vcs merge -m merge side
    numbers a.txt 1 12
    commit last
}

test_order_of_a_merged_history() {
    shows vcs log --format=%s
    shows vcs log --format=%s --reverse
    shows vcs log --format=%s --first-parent
    shows vcs log --format=%s --graph
    shows vcs log --format=%s side
}

test_order_when_dates_go_backwards() {
    # shellcheck disable=SC2034 # for lib.sh
    clock=1500000000
    vcs switch side
    lines b.txt old
    commit "older than its parent"
    lines c.txt old
    commit "older too"
    vcs switch main
    shows vcs log --format=%s --all
    shows vcs log --format=%s main side
    vcs merge -m merged side
    shows vcs log --format=%s
    shows vcs log --format=%s --graph
}

test_ranges() {
    shows vcs log --format=%s side..main
    shows vcs log --format=%s main..side
    shows vcs log --format=%s main~2..main
    shows vcs log --format=%s '^side' main
    shows vcs log --format=%s main~1^2..main
    shows vcs log --format=%s ..side
    shows vcs log --format=%s side..
    shows vcs log --format=%s main~2...side
}

test_ranges_of_both_sides() {
    shows vcs log --format=%s side...main~1
    shows vcs log --format=%s ...side
    shows vcs log --format=%s side...
    shows vcs log --format=%s side...side
    fails vcs log --format=%s side...nothing
    shows vcs diff --name-only main~2...side
    shows vcs diff --name-only side...main~2
    shows vcs shortlog -s main~2...side
}

test_ranges_from_one_name() {
    shows vcs log --format=%s 'main^!'
    shows vcs log --format=%s 'main^@'
    shows vcs log --format=%s 'main^-'
    shows vcs log --format=%s 'main~1^-2'
    shows vcs log --format=%s main '^main~1^@'
    shows vcs log --format=%s 'main~3^@'
    shows vcs diff --name-only 'side^!'
    vcs switch -c other main~2
    vcs cherry-pick 'side~1^!'
    vcs switch -c third main~2
    vcs cherry-pick '^main~2' side
}

test_counts() {
    shows vcs log --format=%s -n 2
    shows vcs log --format=%s -3
    shows vcs log --format=%s --skip=2 -n 2
    shows vcs log --format=%s --max-count=1 --reverse
    shows vcs log --format=%s -n 0
}

test_paths() {
    shows vcs log --format=%s -- b.txt
    shows vcs log --format=%s -- a.txt
    shows vcs log --format=%s -- nothing
    shows vcs log --format=%s a.txt
    shows vcs log --format=%s main -- b.txt
    vcs rm -q b.txt
    vcs commit -m removed
    shows vcs log --format=%s -- b.txt
}

test_paths_that_only_one_side_changed() {
    vcs switch side
    lines c.txt same
    commit "c on side"
    vcs switch main
    lines c.txt same
    commit "c on main"
    vcs merge -m "both had c" side
    shows vcs log --format=%s -- c.txt
}

test_filters() {
    vcs commit --allow-empty -m "by another" --author="Other <o@example.com>"
    shows vcs log --format=%s --author=Other
    shows vcs log --format=%s --grep=left
    shows vcs log --format=%s --grep=LEFT
    shows vcs log --format=%s --since=@1700000500
    shows vcs log --format=%s --until=@1700000500
}

test_names_of_commits() {
    shows vcs log -n 1 --format=%s HEAD~1
    shows vcs log -n 1 --format=%s HEAD^
    shows vcs log -n 1 --format=%s HEAD^^2
    shows vcs log -n 1 --format=%s HEAD~1^2~1
    shows vcs log -n 1 --format=%s HEAD~3
    shows vcs log -n 1 --format=%s @
    shows vcs log -n 1 --format=%s @~1
    shows vcs log -n 1 --format=%s 'main^{commit}'
    shows vcs log -n 1 --format=%s 'HEAD^0'
    fails vcs log -n 1 --format=%s HEAD^3
    fails vcs log -n 1 --format=%s HEAD~7
    fails vcs log -n 1 --format=%s nothing
    shows vcs log -n 1 --format=%s ':/left'
    shows vcs log -n 1 --format=%s 'main^{/le}'
}

test_names_by_message() {
    shows vcs log -n 1 --format=%s ':/^l'
    shows vcs log -n 1 --format=%s ':/^(two|three)'
    shows vcs log -n 1 --format=%s ':/!-left'
    shows vcs log -n 1 --format=%s 'main~2^{/o{1}}'
    shows vcs log -n 1 --format=%s 'main^{/left}~1'
    shows vcs log -n 1 --format=%s 'main~1^{/}'
    shows vcs log -n 1 --format=%s 'main^{/left}^{/!-left}'
    fails vcs log -n 1 --format=%s 'main^{/nowhere}'
    fails vcs log -n 1 --format=%s 'main^{/!x}'
    fails vcs log -n 1 --format=%s 'main^{/(}'
    vcs commit --allow-empty -m 'a long
    story with nowhere in it'
    shows vcs log -n 1 --format=%s ':/nowhere'
    fails vcs log -n 1 --format=%s 'main^{/^story}'
    shows vcs log -n 1 --format=%s :/left -- a.txt
}

test_ids() {
    id=$(id HEAD~1)
    vcs reset --hard "$id"
    short=$(printf %.10s "$id")
    shows vcs log -n 1 --format=%s "$short"
    fails vcs log -n 1 zzzz
    vcs branch here "$short"
}

test_the_reflog() {
    vcs switch side
    vcs commit --allow-empty -m extra
    vcs switch main
    vcs reset --hard HEAD~1
    shows vcs log -n 1 --format=%s 'HEAD@{0}'
    shows vcs log -n 1 --format=%s 'HEAD@{1}'
    shows vcs log -n 1 --format=%s 'HEAD@{2}'
    shows vcs log -n 1 --format=%s 'main@{1}'
    shows vcs log -n 1 --format=%s '@{1}'
    shows vcs log -n 1 --format=%s 'side@{1}~1'
    shows vcs log -n 1 --format=%s '@{-1}'
    fails vcs log -n 1 'HEAD@{99}'
}

test_show_and_files_in_commits() {
    shows vcs show --format=%s -s
    shows vcs show --format=%s --name-only HEAD
    shows vcs show --format=%s --name-status HEAD~2
    shows vcs show HEAD:a.txt
    shows vcs show side:b.txt
    fails vcs show HEAD:nothing
    fails vcs show side:c.txt
}

test_names_and_letters_of_changes() {
    vcs mv a.txt moved.txt
    lines new.txt x
    vcs rm -q b.txt
    ln -s new.txt link
    commit many
    shows vcs log -n 1 --format=%s --name-status
    shows vcs diff --name-status HEAD~1 HEAD
    shows vcs diff --name-only HEAD~1 HEAD
    rm link
    lines link file
    chmod +x new.txt
    shows vcs diff --name-status
    vcs add -A
    shows vcs diff --staged --name-status
}

test_bases() {
    shows vcs log -n 1 --format=%s "$(vcs_base main side)"
    vcs merge-base --is-ancestor side main
    fails vcs merge-base --is-ancestor main side
    vcs merge-base --is-ancestor main main
    vcs switch --detach main~3
    vcs merge-base main side
}

# The base of two commits, as an id.
vcs_base() {
    "$VCS_PROGRAM" merge-base "$1" "$2"
}

test_formats() {
    shows vcs log --format='%s|%an|%ae|%at|%cn|%ct|%b|%P' -n 1 side
    shows vcs log --format='%s %ad' --date=iso -n 2
    shows vcs log --format='%s %ad' --date=short -n 2
    shows vcs log --format='%s %ad' --date=raw -n 2
    shows vcs log --format='%s %ad' --date=unix -n 2
    shows vcs log --format='%s%n%%%x41' -n 2
    shows vcs log --format=%D -n 1
}

test_diff_of_texts() {
    line 3 three a.txt
    printf 'no newline' >b.txt
    shows vcs diff -U1 -- a.txt
    vcs diff --exit-code -- nothing
    fails vcs diff --exit-code
    shows vcs diff --stat -- a.txt
}
