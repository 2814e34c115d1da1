#!/bin/sh
# A long history is carried a part at a time: shallow, then deeper, then whole.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# Lines that part and meet, crosswise and three at once, with tags.
setup() {
    dits init -q full
    cd full
    save first
    dits tag v1
    save second
    save third
    save fourth
    dits switch -qc grade
    save "graded"
    dits switch -q main
    save "mixed"
    dits branch was
    dits merge -q --no-ff -m "take the grade" grade
    dits switch -q grade
    dits merge -q --no-ff -m "take the mix" was
    save "graded again"
    dits switch -qc titles v1
    save "titles"
    save "more titles"
    dits tag -m "with a message" v2
    dits switch -q main
    dits merge -q --no-ff -m "take the titles" titles
    save "mixed again"
    dits merge -q --no-ff -m "crosswise" grade
    save "last"
    dits branch -qd was
    cd ..
}

# Each commit is a file of its own, so that nothing conflicts.
save() {
    echo "$1" >"$1.txt"
    make_bytes reel.mov 3000 "${#1}"
    dits add "$1.txt"
    [ "$(dits branch --show-current)" != main ] || dits add reel.mov
    dits commit -qm "$1"
}

graph_of() {
    dits -C "$1" log --all --format='%H %P' | sed 's/ *$//' | sort
}

# expected_graph DEPTH: what is left of the whole graph, cut there.
expected_graph() {
    dits -C full log --all --format='%H %P' >whole
    for name in main grade titles v1 v2; do
        dits -C full log -n 1 --format=%H "$name"
    done >tips
    python3 - "$1" <<'END'
import sys
depth = int(sys.argv[1])
parents = {line.split()[0]: line.split()[1:] for line in open("whole")}
level, seen = set(open("tips").read().split()), {}
for at in range(1, depth + 1):
    for commit in level:
        seen.setdefault(commit, at)
    level = {p for c in level for p in parents[c]} - seen.keys()
for commit in sorted(seen):
    kept = parents[commit]
    if seen[commit] == depth and not seen.keys() >= set(kept):
        kept = []
    print(" ".join([commit, *kept]))
END
}

check_graph() {
    expected_graph "$2" >wanted
    graph_of "$1" | diff -u wanted - >&2 || fail "another graph at depth $2"
    dits -C "$1" fsck --full >checked 2>&1 || { cat checked >&2; fail "damage"; }
    expect_no_match 'missing|^damage' checked
}

# The least depth at which nothing is cut.
depth_of_all() {
    for depth in $(seq 1 20); do
        if [ "$(expected_graph "$depth")" = "$(graph_of full)" ]; then
            echo "$depth"
            return
        fi
    done
}

test_every_depth_is_the_whole_one_cut_there() {
    most=$(depth_of_all)
    [ "$most" -gt 5 ] || fail "a history of depth $most is no test"
    for depth in $(seq 1 "$most"); do
        dits -C full export bundle -q --all --depth "$depth" ../some.bundle
        dits init -q part
        dits -C part import bundle -q ../some.bundle
        check_graph part "$depth"
        expect_same part/reel.mov full/reel.mov
        dits -C part status -s >state
        expect_empty state
        dits -C part gc -q --prune=now
        check_graph part "$depth"
        rm -rf part
    done
}

test_deeper_step_by_step_until_it_is_whole() {
    most=$(depth_of_all)
    dits init -q part
    for depth in $(seq 1 "$most"); do
        dits -C full export bundle -q --all --depth "$depth" ../some.bundle
        dits -C part import bundle ../some.bundle >said 2>notes
        check_graph part "$depth"
        if [ "$depth" -lt "$most" ]; then
            expect_match '^the history here is shallow: cut at [0-9]+ commits?$' \
                notes
            expect_file part/.dits/shallow
        fi
    done
    expect_match '^the history here is whole now$' notes
    expect_no_file part/.dits/shallow
    dits -C full log --all --graph --format='%h %s%d' >wanted
    dits -C part log --all --graph --format='%h %s%d' | diff -u wanted - >&2
    # A gc in between takes nothing that is needed.
    dits -C part gc -q --prune=now
    check_graph part "$most"
}

test_at_once_from_shallow_to_whole() {
    dits -C full export bundle -q --all --depth 2 ../some.bundle
    dits -C full export bundle -q --all ../whole.bundle
    dits init -q part
    cd part
    dits import bundle -q ../some.bundle
    dits import bundle -q ../whole.bundle
    cd ..
    expect_equal "$(graph_of full)" "$(graph_of part)"
    expect_no_file part/.dits/shallow
    # Nor does a shallow one make a whole history shallow.
    dits -C part import bundle -q ../some.bundle
    expect_equal "$(graph_of full)" "$(graph_of part)"
    expect_no_file part/.dits/shallow
}

test_work_on_a_shallow_history_goes_back() {
    dits -C full export bundle -q --all --depth 2 ../some.bundle
    dits init -q part
    cd part
    dits import bundle -q ../some.bundle
    base=$(dits log -n 1 --format=%H)
    save "from afar"
    save "from afar again"
    dits export bundle -q ../back.bundle "$base..main"
    dits export bundle -q ../all.bundle main
    cd ../full
    dits import bundle -q ../back.bundle
    expect_equal "from afar again" "$(dits log -n 1 --format=%s)"
    expect_no_file .dits/shallow
    dits fsck --full >../fsck
    dits undo >../said
    # The one without a base carries where it was cut: that is known here.
    dits import bundle -q ../all.bundle
    expect_equal "from afar again" "$(dits log -n 1 --format=%s)"
    expect_equal 17 "$(dits log --format=%s | wc -l)"
    expect_no_file .dits/shallow
    dits fsck --full >../fsck
}

test_a_shallow_history_is_carried_on_as_it_is() {
    dits -C full export bundle -q --all --depth 3 ../some.bundle
    dits init -q part
    dits -C part import bundle -q ../some.bundle
    dits -C part export bundle -q --all ../again.bundle
    dits init -q third
    dits -C third import bundle -q ../again.bundle
    check_graph third 3
    expect_same part/.dits/shallow third/.dits/shallow
}

test_cut_at_a_date_or_at_a_commit() {
    cd full
    dits export bundle -q --shallow-exclude v1 ../some.bundle main
    cd ..
    dits init -q part
    dits -C part import bundle -q ../some.bundle
    dits -C full log --format=%H v1..main | sort >wanted
    dits -C part log --format=%H | sort | diff -u wanted - >&2
    dits -C part fsck --full >checked
    cd full
    expect_failure 1 dits export bundle --shallow-since 2100-01-01 ../none.bundle
    expect_match 'nothing to export' stderr
    expect_no_file ../none.bundle
    dits export bundle --all --shallow-exclude grade ../rest.bundle >../said 2>&1
    expect_match "'v1' is left out" ../said
    dits import bundle --list-heads ../rest.bundle >../heads
    expect_no_match 'refs/(tags/v1|heads/grade)' ../heads
    expect_failure 1 dits export bundle --depth 1 --shallow-since today ../x
    expect_failure 1 dits export bundle --depth 1 ../x v1..main
    expect_match 'cannot leave out' stderr
    expect_failure 2 dits export bundle --depth 0 ../x
    expect_failure 2 dits export git --depth 1 ../x
}

test_walks_end_where_it_was_cut() {
    dits -C full export bundle -q --depth 2 ../some.bundle main
    dits init -q part
    cd part
    dits import bundle -q ../some.bundle
    cut=$(dits log --format='%H %D' | grep grafted | head -n 1 | cut -d ' ' -f 1)
    dits log --decorate --graph >../log
    expect_match "^[*|] .*commit $cut \(grafted" ../log
    dits log --json | grep -c '"grafted": true' >../count
    expect_content "$(dits log --format=%d | grep -c grafted)" ../count
    expect_failure 1 dits log "$cut~1" --
    expect_match 'the history was cut before it' stderr
    dits log "$cut^@" >../log
    expect_empty ../log
    dits show "$cut" >../shown
    expect_match "^\+crosswise|^\+mixed again" ../shown
    dits blame "last.txt" >../blame
    dits blame "first.txt" >../blame
    expect_match '^\^' ../blame
    dits shortlog >../shortlog
    dits grep last >../grep
    dits describe --always >../described
    dits archive -o ../out.tar HEAD
    dits stats >../stats
    expect_failure 1 dits verify "$cut" >../verified
    expect_match "No signature" ../verified
    dits fast-export --all >../stream 2>../said
    expect_match 'without (its|their) parents' ../said
    expect_failure 1 dits cherry-pick "$cut"
    expect_match 'its parents are not here' stderr
    expect_failure 1 dits revert "$cut"
    expect_match 'its parents are not here' stderr
    dits fsck --full >../fsck
}

test_without_a_common_commit_the_reason_is_told() {
    dits -C full export bundle -q --depth 1 ../some.bundle main titles
    dits init -q part
    cd part
    dits import bundle -q ../some.bundle
    expect_failure 1 dits merge-base main titles
    expect_failure 1 dits merge titles
    expect_match 'in the part of the history that is here' stderr
    expect_match 'The history here is shallow' stderr
    expect_failure 1 dits rebase titles
    expect_match 'its parents are not here' stderr
    rm stderr
    dits status -s >../status
    expect_empty ../status
    dits -C ../full export bundle -q ../whole.bundle main titles
    dits import bundle -q ../whole.bundle
    dits merge -q titles
}

test_amending_where_it_was_cut_keeps_the_parents() {
    dits -C full export bundle -q --depth 1 ../some.bundle main
    dits init -q part
    cd part
    dits import bundle -q ../some.bundle
    dits commit -q --amend -m "better"
    expect_equal 1 "$(dits log --format=%s | wc -l)"
    dits fsck --full >../fsck
    dits export bundle -q ../back.bundle main
    cd ../full
    dits import bundle -q --force ../back.bundle
    expect_equal 'better crosswise' "$(dits log -n 2 --first-parent --format=%s | tr '\n' ' ' | sed 's/ $//')"
    expect_no_file .dits/shallow
    dits fsck --full >../fsck
}

test_undo_moves_names_and_leaves_what_is_known() {
    dits -C full export bundle -q --depth 2 ../some.bundle main
    dits -C full export bundle -q --depth 5 ../more.bundle main
    dits init -q part
    cd part
    dits import bundle -q ../some.bundle
    dits import bundle -q ../more.bundle
    deep=$(dits log --format=%H | wc -l)
    dits undo >../said
    expect_failure 1 dits log
    dits redo >../said
    expect_equal "$deep" "$(dits log --format=%H | wc -l)"
    dits gc -q --prune=now
    dits fsck --full >../fsck
    expect_equal "$deep" "$(dits log --format=%H | wc -l)"
}

test_what_does_not_go_forward_is_refused() {
    dits -C full export bundle -q --depth 1 ../some.bundle main
    dits init -q part
    cd part
    dits -C ../full export bundle -q ../tag.bundle v1
    dits import bundle -q ../tag.bundle
    dits switch -qc main v1
    expect_failure 1 dits import bundle ../some.bundle
    expect_match 'or the bundle was cut before them' stderr
    expect_no_file .dits/shallow
    expect_equal first "$(dits log --format=%s)"
    rm stderr
    dits import bundle -q --prefix studio ../some.bundle
    dits fsck --full >../fsck
}

test_damage_of_the_boundary_is_found_and_mended() {
    dits -C full export bundle -q --all --depth 2 ../some.bundle
    dits init -q part
    cd part
    dits import bundle -q ../some.bundle
    cp .dits/shallow ../was
    patch_byte .dits/shallow 30
    expect_failure 1 dits log
    expect_match "fsck --repair" stderr
    expect_failure 1 dits fsck >../fsck
    expect_match 'the boundary has a wrong checksum' ../fsck
    dits fsck --repair >../fsck
    expect_same .dits/shallow ../was
    dits fsck --full >../fsck
    # Without it, parents that are missing are damage.
    rm .dits/shallow
    expect_failure 1 dits fsck >../fsck
    expect_match 'commit [0-9a-f]{12} is missing' ../fsck
}

test_other_commits_that_are_missing_are_damage() {
    dits -C full export bundle -q --depth 2 ../some.bundle main
    dits init -q part
    cd part
    dits import bundle -q ../some.bundle
    rm .dits/shallow
    save "on top"
    expect_failure 1 dits log
    expect_failure 1 dits fsck >../fsck
    expect_match 'is missing' ../fsck
}

# --- with git ---

git_subjects() {
    git -C "$1" log --all --format=%s | sort
}

subjects() {
    dits -C "$1" log --all --format=%s | sort
}

make_git() {
    command -v git >/dev/null || skip "no git"
    git config --global protocol.file.allow always
    dits -C full export git -q ../git
}

test_git_cuts_at_the_same_commits() {
    make_git
    for depth in $(seq 1 "$(depth_of_all)"); do
        git clone -q --bare --no-single-branch --depth "$depth" \
            "file://$PWD/git" "clone$depth"
        git_subjects "clone$depth" >wanted
        expect_lines "$(expected_graph "$depth" | wc -l)" wanted
        # A bundle, git's own shallow history, and a depth of ours.
        dits -C full export bundle -q --all --depth "$depth" ../some.bundle
        for way in bundle git depth; do
            dits init -q "$way$depth"
        done
        dits -C "bundle$depth" import bundle -q ../some.bundle
        dits -C "git$depth" import git -q "../clone$depth"
        dits -C "depth$depth" import git -q --depth "$depth" ../git
        for way in bundle git depth; do
            subjects "$way$depth" | diff -u wanted - >&2 ||
                fail "$way: other commits at depth $depth"
            dits -C "$way$depth" fsck --full >checked
        done
        expect_equal "$(graph_of "git$depth")" "$(graph_of "depth$depth")"
    done
}

test_a_shallow_history_of_git_is_deepened() {
    make_git
    git clone -q --bare --no-single-branch --depth 1 "file://$PWD/git" clone
    dits init -q part
    dits -C part import git ../clone >said 2>notes
    expect_match '^the history here is shallow: cut at [0-9]+ commits?$' notes
    expect_same part/reel.mov full/reel.mov
    for _ in 1 2; do
        git -C clone fetch -q --deepen 2 origin '+refs/*:refs/*'
        dits -C part import git -q ../clone
        # Git forgets some of what it had: what came before stays here.
        git_subjects clone >wanted
        subjects part | comm -23 wanted - >missing
        expect_empty missing
        dits -C part fsck --full >checked
        dits -C part status -s >state
        expect_empty state
    done
    git -C clone fetch -q --unshallow origin '+refs/*:refs/*'
    dits -C part import git -q ../clone
    dits init -q whole_one
    dits -C whole_one import git -q ../git
    expect_equal "$(graph_of whole_one)" "$(graph_of part)"
    dits -C part fsck --full >checked
    # One operation, and the last one is taken back.
    dits -C part undo >said
    dits -C part log --all --format=%D >decorations
    expect_match grafted decorations
    dits -C part redo >said
    expect_equal "$(graph_of whole_one)" "$(graph_of part)"
    # Again: nothing to do.
    dits -C part import git ../clone >said
    expect_match 'Already up to date' said
}

test_work_on_a_shallow_history_of_git() {
    make_git
    git clone -q --bare --depth 2 "file://$PWD/git" clone
    dits init -q part
    dits -C part import git -q ../clone
    cd part
    save "here"
    dits export git ../clone >../said
    expect_equal "here" "$(git -C ../clone log -n 1 --format=%s main)"
    expect_failure 1 dits export git ../new
    expect_match 'the history here is shallow' stderr
    git -C ../clone fetch -q --unshallow
    expect_failure 1 dits import git -b main ../git
    expect_match "has commits that git's branch lacks" stderr
    rm stderr
    dits import git -q ../clone
    expect_equal here "$(dits log -n 1 --format=%s)"
    expect_equal 16 "$(dits log --format=%s | wc -l)"
    dits log --format=%D >../decorations
    expect_no_match grafted ../decorations
    dits fsck --full >../fsck
}

test_history_from_git_ends_what_a_bundle_began() {
    make_git
    dits init -q first
    dits -C first import git -q ../git
    dits -C first export bundle -q --all --depth 2 ../some.bundle
    dits init -q part
    dits -C part import bundle -q ../some.bundle
    expect_file part/.dits/shallow
    dits -C part import git ../git >said 2>notes
    expect_match '^the history here is whole now$' notes
    expect_no_file part/.dits/shallow
    expect_equal "$(graph_of first)" "$(graph_of part)"
    # What is here already is not cut by a depth.
    dits -C part import git -q --depth 1 ../git
    expect_equal "$(graph_of first)" "$(graph_of part)"
}

run_tests
