#!/bin/sh
# dits cherry-pick: commits of another branch, applied here.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# topic has three commits after base: a line of a.txt, a clip, a line again.
setup() {
    dits init -q repo
    cd repo
    seq 1 20 >a.txt
    dits add .
    dits commit -qm base
    dits switch -qc topic
    sed -i '1s/.*/first/' a.txt
    dits commit -qam "first line" --author "Ada <ada@example.org>"
    make_bytes clip.bin 200000
    dits add .
    dits commit -qm "a clip"
    sed -i '$s/.*/last/' a.txt
    dits commit -qam "last line"
    dits switch -q main
    sed -i '10s/.*/ten/' a.txt
    dits commit -qam ours
}

# A commit of main that changes the first line in another way.
collide() {
    sed -i '1s/.*/another/' a.txt
    dits commit -qam collides
}

test_a_commit_is_applied_with_its_author() {
    dits cherry-pick topic >../out
    expect_match '^\[main [0-9a-f]{7}\] last line$' ../out
    expect_equal "1 ten last" "$(sed -n '1p;10p;$p' a.txt | paste -sd ' ')"
    dits cherry-pick -q topic~2
    expect_equal "Ada <ada@example.org>" "$(dits log -n 1 --format='%an <%ae>')"
    expect_history "first line" "last line" ours base
    expect_status ''
    dits undo -q
    expect_equal "1 ten last" "$(sed -n '1p;10p;$p' a.txt | paste -sd ' ')"
}

test_ranges_are_applied_in_one_operation() {
    dits cherry-pick main~1..topic >../out
    expect_lines 3 ../out
    expect_history "last line" "a clip" "first line" ours base
    dits cat topic:clip.bin | cmp - clip.bin
    dits undo -q
    expect_history ours base
    [ ! -e clip.bin ]
    dits redo -q
    expect_history "last line" "a clip" "first line" ours base
}

test_where_it_comes_from_can_be_told() {
    dits cherry-pick -q -x topic
    dits log -n 1 --format=%B >../out
    expect_match "cherry picked from commit $(dits log -n 1 --format=%H topic)" \
        ../out
}

test_without_a_commit_it_is_staged() {
    dits cherry-pick -n topic~1 topic
    expect_status 'M  a.txt
A  clip.bin
'
    expect_history ours base
}

test_without_a_commit_several_are_one_change() {
    dits cherry-pick -n topic~2
    dits cherry-pick -n topic~1 topic
    expect_status 'M  a.txt
A  clip.bin
'
    dits undo -q
    expect_status 'M  a.txt
'
    dits redo -q
    dits commit -qm "all of it"
    expect_history "all of it" ours base
}

test_a_conflict_stops_it_and_it_goes_on() {
    collide
    refused 1 dits cherry-pick main~2..topic
    expect_match 'could not apply' ../err
    expect_status 'UU a.txt
'
    dits status >../out
    expect_match 'currently cherry-picking commit' ../out
    refused 1 dits cherry-pick --continue
    refused 1 dits cherry-pick topic
    seq 1 20 | sed '1s/.*/both/;10s/.*/ten/' >a.txt
    dits add a.txt
    dits cherry-pick --continue >../out
    expect_lines 3 ../out
    expect_history "last line" "a clip" "first line" collides ours base
    expect_equal "both ten last" "$(sed -n '1p;10p;$p' a.txt | paste -sd ' ')"
    expect_equal "Ada" "$(dits log -n 1 --skip 2 --format=%an)"
    expect_status ''
}

test_a_commit_can_end_a_step() {
    collide
    refused 1 dits cherry-pick main~2..topic
    dits resolve -q --theirs a.txt
    dits commit -q --no-edit
    expect_equal "first line" "$(dits log -n 1 --format=%s)"
    expect_equal Ada "$(dits log -n 1 --format=%an)"
    dits cherry-pick -q --continue
    expect_history "last line" "a clip" "first line" collides ours base
}

test_what_it_stopped_at_can_be_left_out() {
    collide
    refused 1 dits cherry-pick main~2..topic
    dits cherry-pick -q --skip
    expect_history "last line" "a clip" collides ours base
    expect_equal another "$(head -n 1 a.txt)"
}

test_giving_up_goes_back_to_the_start() {
    collide
    refused 1 dits cherry-pick main~2..topic
    dits cherry-pick --abort
    expect_history collides ours base
    expect_status ''
    expect_equal another "$(head -n 1 a.txt)"
    refused 1 dits cherry-pick --abort
    dits undo -q
    expect_status 'UU a.txt
'
}

test_what_is_there_already_stops_it() {
    dits cherry-pick -q topic
    refused 1 dits cherry-pick topic
    expect_match 'nothing new' ../err
    refused 1 dits cherry-pick --continue
    dits cherry-pick -q --skip
    expect_history "last line" ours base
}

# What it stopped at came to nothing: another takes its place, and the copies go.
test_copies_go_when_another_commit_is_applied() {
    make_bytes clip.bin 100000 9
    dits add clip.bin
    dits commit -qm "another clip"
    refused 1 dits cherry-pick topic~1
    [ -e clip.ours.bin ]
    dits add clip.bin
    dits cherry-pick -q topic
    expect_history "last line" "another clip" ours base
    expect_status ''
    dits undo -q
    [ -e clip.ours.bin ]
    echo edited >>clip.ours.bin
    dits cherry-pick -q topic
    expect_status '?? clip.ours.bin
'
}

test_merges_need_a_mainline() {
    dits switch -q topic
    dits merge -q main
    merge=$(dits log -n 1 --format=%H)
    dits switch -q -c third main~1
    refused 1 dits cherry-pick "$merge"
    expect_match 'is a merge' ../err
    dits cherry-pick -q -m 1 "$merge"
    expect_equal ten "$(sed -n 10p a.txt)"
    refused 1 dits cherry-pick -m 3 "$merge"
    refused 1 dits cherry-pick -m 2 topic~1
    expect_match 'has no parent 2' ../err
    dits cherry-pick -q -m 1 topic~1
    expect_equal last "$(sed -n '$p' a.txt)"
}

test_json_names_the_commits() {
    dits cherry-pick --json topic >../out
    python3 - ../out <<'END'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert len(lines) == 2 and lines[0]["made"] == lines[1]["after"], lines
assert lines[1]["outcome"] == "done" and lines[1]["commits"] == 1
END
}

test_mistakes_are_refused() {
    refused 2 dits cherry-pick
    refused 2 dits cherry-pick --abort --skip
    refused 1 dits cherry-pick nothing
    refused 1 dits cherry-pick topic..topic
    refused 1 dits cherry-pick --continue
    echo staged >a.txt
    dits add a.txt
    refused 1 dits cherry-pick topic
    expect_match 'staged changes' ../err
}

run_tests
