#!/bin/sh
# dits rebase: the commits of a branch on another.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# topic: one, two (a clip), three on base; main: ours on base.
setup() {
    dits init -q repo
    cd repo
    seq 1 20 >a.txt
    dits add .
    dits commit -qm base
    dits switch -qc topic
    sed -i '1s/.*/first/' a.txt
    dits commit -qam one
    make_bytes clip.bin 200000
    dits add .
    dits commit -qm two
    sed -i '$s/.*/last/' a.txt
    dits commit -qam three
    dits switch -q main
    sed -i '10s/.*/ten/' a.txt
    dits commit -qam ours
    dits switch -q topic
}

collide() {
    dits switch -q main
    sed -i '1s/.*/another/' a.txt
    dits commit -qam collides
    dits switch -q topic
}

test_the_commits_move() {
    dits rebase main
    expect_history three two one ours base
    expect_equal "first ten last" "$(sed -n '1p;10p;$p' a.txt | paste -sd ' ')"
    expect_equal topic "$(dits branch --show-current)"
    expect_status ''
    dits rebase main >../out
    expect_equal "Current branch is up to date." "$(cat ../out)"
    dits undo -q
    expect_history three two one base
    expect_equal 10 "$(sed -n 10p a.txt)"
    dits fsck --full >/dev/null
}

test_a_branch_that_is_behind_moves_forward() {
    dits switch -qc behind main~1
    dits rebase -q main
    expect_history ours base
    expect_equal behind "$(dits branch --show-current)"
}

test_another_branch_can_be_named() {
    dits switch -q main
    dits rebase -q main topic
    expect_equal topic "$(dits branch --show-current)"
    expect_history three two one ours base
}

test_a_part_goes_onto_something_else() {
    dits rebase -q --onto main topic~1
    expect_history three ours base
    [ ! -e clip.bin ]
}

test_conflicts_stop_it_and_it_goes_on() {
    collide
    refused 1 dits rebase main
    expect_status 'UU a.txt
'
    dits status >../out
    expect_match "rebasing branch 'topic' on '[0-9a-f]{7}'" ../out
    expect_equal "" "$(dits branch --show-current)"
    refused 1 dits rebase --continue
    refused 1 dits switch main
    dits resolve -q --theirs a.txt
    sed -i '10s/.*/ten/' a.txt
    dits add a.txt
    dits rebase -q --continue
    expect_equal topic "$(dits branch --show-current)"
    expect_history three two one collides ours base
    expect_status ''
}

# Step two brings a clip, and main another one; three has nothing to do with it.
test_copies_go_when_it_goes_on() {
    dits switch -q main
    make_bytes clip.bin 200000 2
    dits add clip.bin
    dits commit -qm "another clip"
    dits switch -q topic
    refused 1 dits rebase main
    [ -e clip.ours.bin ]
    dits add clip.bin
    dits rebase --continue >../out 2>../err
    expect_match '^Successfully rebased\.$' ../err
    expect_equal "a.txt clip.bin" "$(echo *)"
    expect_history three one "another clip" ours base
    dits undo -q
    [ -e clip.ours.bin ]
    echo edited >>clip.ours.bin
    dits rebase -q --continue
    expect_status '?? clip.ours.bin
'
}

# The next stop has copies of its own, beside one that was edited.
test_copies_of_one_stop_go_at_the_next() {
    make_bytes clip.bin 200000 3
    dits commit -qam four
    dits switch -q main
    make_bytes clip.bin 200000 2
    dits add clip.bin
    dits commit -qm "another clip"
    dits switch -q topic
    refused 1 dits rebase main
    dits resolve -q --both clip.bin
    echo edited >clip.ours.bin
    refused 1 dits rebase --continue
    expect_equal \
        "a.txt clip.bin clip.ours.bin clip.ours2.bin clip.theirs.bin clip.theirs2.bin" \
        "$(echo *)"
    dits add clip.bin
    dits rebase -q --continue
    expect_equal "a.txt clip.bin clip.ours.bin clip.theirs.bin" "$(echo *)"
}

test_a_step_can_be_skipped() {
    collide
    refused 1 dits rebase main
    dits rebase -q --skip
    expect_history three two collides ours base
    expect_equal another "$(head -n 1 a.txt)"
    expect_equal topic "$(dits branch --show-current)"
}

test_giving_up_goes_back_to_the_branch() {
    collide
    refused 1 dits rebase main
    dits rebase --abort
    expect_history three two one base
    expect_equal topic "$(dits branch --show-current)"
    expect_status ''
    dits undo -q
    expect_status 'UU a.txt
'
}

test_what_is_there_already_is_left_out() {
    dits switch -q main
    dits reset -q --hard base 2>/dev/null || dits reset -q --hard HEAD~1
    dits cherry-pick -q -x topic~2 # else it may be the very same commit
    sed -i '1s/.*/changed since/' a.txt
    dits commit -qam since
    dits switch -q topic
    dits rebase main 2>../err
    expect_match '^dropping [0-9a-f]{7}' ../err
    expect_history three two since one base
}

test_each_step_can_be_undone() {
    collide
    refused 1 dits rebase main
    dits resolve -q --theirs a.txt
    dits rebase -q --continue
    for _ in 1 2 3; do dits undo -q; done
    expect_history three two one base
    expect_equal topic "$(dits branch --show-current)"
    for _ in 1 2 3; do dits redo -q; done
    expect_history three two one collides ours base
    expect_equal topic "$(dits branch --show-current)"
}

test_changes_can_be_put_aside() {
    collide
    echo mine >>clip.bin
    refused 1 dits rebase --autostash main
    expect_equal "" "$(dits stash list)"
    dits gc -q
    dits resolve -q --theirs a.txt
    dits rebase -q --continue
    expect_status ' M clip.bin
'
    expect_equal mine "$(tail -c 5 clip.bin)"
    expect_equal "" "$(dits stash list)"
    dits fsck --full >/dev/null
}

test_what_was_put_aside_and_does_not_fit_is_told_of() {
    sed -i '10s/.*/mine/' a.txt
    dits rebase --autostash main 2>../err
    expect_match 'have conflicts here; they are kept in stash@.0.$' ../err
    expect_status 'UU a.txt
'
    dits stash list >../out
    expect_match '^stash@.0.: autostash$' ../out
}

test_quitting_leaves_all_as_it_is() {
    collide
    refused 1 dits rebase --quit
    refused 1 dits rebase main
    dits rebase --quit
    expect_equal "" "$(dits branch --show-current)"
    expect_status 'UU a.txt
'
    dits resolve -q --ours a.txt
    dits switch -q topic
    expect_history three two one base
}

test_all_commits_from_the_first_one_on() {
    dits rebase --root >../out
    expect_equal "Current branch is up to date." "$(cat ../out)"
    dits switch -q --orphan fresh
    echo fresh >fresh.txt
    dits add .
    dits commit -qm "another root"
    dits rebase -q --root --onto main
    expect_history "another root" ours base
    refused 2 dits rebase --root main topic
}

test_files_that_are_in_the_way_stop_it() {
    echo mine >>a.txt
    refused 1 dits rebase main
    expect_match "would be lost in 'a.txt'" ../err
    expect_history three two one base
    dits restore a.txt
    echo mine >a.new
    dits rebase -q main
    expect_status '?? a.new
'
}

test_json_and_mistakes() {
    refused 2 dits rebase
    refused 1 dits rebase nothing
    refused 1 dits rebase --continue
    refused 2 dits rebase --continue --abort
    dits rebase --json main >../out
    python3 - ../out <<'END'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert len(lines) == 4 and lines[3]["commits"] == 3, lines
END
}

run_tests
