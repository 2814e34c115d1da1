#!/bin/sh
# dits merge: moving the branch, three-way, conflicts, giving up, going on.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# main and other part at "base"; both have a.txt, clip.bin and k.txt.
setup() {
    dits init -q repo
    cd repo
    seq 1 20 >a.txt
    make_bytes clip.bin 300000 1
    echo keep >k.txt
    dits add .
    dits commit -qm base
    dits branch other
}

# on BRANCH MESSAGE: commit what the work tree has.
commit_all() {
    dits add -A
    dits commit -qm "$1"
}

on_other() {
    dits switch -q other
    "$@"
    commit_all theirs
    dits switch -q main
}

last_line() { sed -i '$s/.*/theirs/' a.txt; }
same_line() { sed -i '1s/.*/theirs/' a.txt; }
other_clip() { make_bytes clip.bin 300000 2; }

expect_parents() {
    expect_equal "$1" "$(dits log -n 1 --format=%P | wc -w)"
}

test_a_branch_that_is_behind_moves() {
    on_other last_line
    dits merge other >../out
    expect_match '^Fast-forward$' ../out
    expect_match 'a.txt \| 2 \+-' ../out
    expect_equal theirs "$(tail -n 1 a.txt)"
    expect_equal "$(dits log -n 1 --format=%H other)" \
        "$(dits log -n 1 --format=%H)"
    dits merge other >../out
    expect_equal "Already up to date." "$(cat ../out)"
}

test_a_commit_is_made_when_asked_for() {
    on_other last_line
    dits merge -q --no-ff -m "with a word" other
    expect_parents 2
    expect_equal "with a word" "$(dits log -n 1 --format=%s)"
    dits undo -q
    expect_equal base "$(dits log -n 1 --format=%s)"
    expect_equal 20 "$(tail -n 1 a.txt)"
    dits config merge.ff false
    dits merge -q other
    expect_equal "Merge branch 'other'" "$(dits log -n 1 --format=%s)"
}

test_both_sides_of_a_text_come_together() {
    on_other last_line
    sed -i '1s/.*/ours/' a.txt
    commit_all ours
    refused 1 dits merge --ff-only other
    dits merge other >../out
    expect_match '^Auto-merging a.txt$' ../out
    expect_equal "ours theirs" "$(sed -n '1p;$p' a.txt | paste -sd ' ')"
    expect_parents 2
    expect_status ''
    dits fsck --full >/dev/null
}

test_conflicts_in_texts_are_marked_and_committed_when_edited() {
    on_other same_line
    sed -i '1s/.*/ours/' a.txt
    commit_all ours
    refused 1 dits merge other
    expect_match 'CONFLICT \(content\): Merge conflict in a.txt' ../out
    expect_status 'UU a.txt
'
    printf '<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> other\n' >../marks
    head -n 5 a.txt | cmp - ../marks
    refused 1 dits commit -m early
    expect_match "not resolved: 'a.txt'" ../err
    refused 1 dits merge other
    refused 1 dits switch other
    sed -i '1,5d;1s/^/both\n/' a.txt
    dits add a.txt
    expect_status 'M  a.txt
'
    dits merge -q --continue
    expect_parents 2
    expect_equal "Merge branch 'other'" "$(dits log -n 1 --format=%s)"
    refused 1 dits merge --continue
}

test_markers_show_what_both_began_from_when_asked_for() {
    on_other same_line
    sed -i '1s/.*/ours/' a.txt
    commit_all ours
    refused 1 dits merge --conflict=diff3 other
    base=$(dits merge-base main other | cut -c 1-7)
    expect_match "^\|\|\|\|\|\|\| $base\$" a.txt
    dits merge --abort
    dits config merge.conflictStyle zdiff3
    refused 1 dits merge other
    expect_match '^\|\|\|\|\|\|\| ' a.txt
    dits merge --abort
    dits config merge.conflictStyle nothing
    refused 1 dits merge other
    expect_match 'is no style' ../err
    expect_status ''
}

test_heavy_files_lie_beside_each_other() {
    on_other other_clip
    cp clip.bin ../base
    make_bytes clip.bin 300000 3
    commit_all ours
    cp clip.bin ../ours
    dits cat other:clip.bin >../theirs
    refused 1 dits merge other
    cmp clip.bin ../ours
    cmp clip.ours.bin ../ours
    cmp clip.theirs.bin ../theirs
    expect_status 'UU clip.bin
'
    dits status >../out
    expect_match 'clip.ours.bin and clip.theirs.bin' ../out
    dits add -A # never takes what lies beside
    expect_status ''
    dits undo -q
    expect_status 'UU clip.bin
'
    dits merge --abort
    expect_status ''
    cmp clip.bin ../ours
    [ ! -e clip.ours.bin ]
    [ ! -e clip.theirs.bin ]
    dits undo -q # of the abort
    expect_status 'UU clip.bin
'
    cmp clip.theirs.bin ../theirs
}

# Both sides have another clip, and the merge has stopped.
clips_collide() {
    on_other other_clip
    make_bytes clip.bin 300000 3
    commit_all ours
    refused 1 dits merge other
}

test_copies_go_with_the_commit_that_ends_the_merge() {
    clips_collide
    cp clip.theirs.bin ../theirs
    dits add clip.bin
    dits merge -q --continue
    expect_equal "a.txt clip.bin k.txt" "$(echo *)"
    expect_status ''
    dits undo -q
    cmp clip.theirs.bin ../theirs
    cmp clip.ours.bin clip.bin
    dits commit -qm by-hand
    expect_equal "a.txt clip.bin k.txt" "$(echo *)"
    dits undo -q
    dits undo -q # of the add
    expect_status 'UU clip.bin
'
}

test_copies_that_were_edited_or_staged_stay() {
    clips_collide
    cp clip.theirs.bin ../theirs
    echo edited >>clip.ours.bin
    cp clip.ours.bin ../edited
    dits add clip.bin
    dits add -f clip.theirs.bin
    dits commit -qm "both of them"
    cmp clip.ours.bin ../edited
    cmp clip.theirs.bin ../theirs
    expect_status '?? clip.ours.bin
'
}

test_copies_that_are_gone_already_are_no_obstacle() {
    clips_collide
    rm clip.ours.bin
    mv clip.theirs.bin kept.bin
    dits add clip.bin
    dits commit -qm without
    expect_status '?? kept.bin
'
}

test_going_on_says_what_was_committed() {
    clips_collide
    dits resolve -q --theirs clip.bin
    dits merge --continue >../out
    expect_match "^\[main [0-9a-f]{7}\] Merge branch 'other'\$" ../out
    expect_match '^ 1 file changed' ../out
}

test_deleted_and_changed_is_a_conflict() {
    on_other last_line
    dits rm -q a.txt
    commit_all ours
    refused 1 dits merge other
    expect_match 'modify/delete.*deleted in HEAD and modified in other' ../out
    expect_status 'DU a.txt
'
    expect_equal theirs "$(tail -n 1 a.txt)"
    dits rm -q a.txt
    expect_status ''
    dits commit -q --no-edit
    expect_parents 2
    [ ! -e a.txt ]
    dits undo -q && dits undo -q
    expect_status 'DU a.txt
'
    dits add a.txt
    expect_status 'A  a.txt
'
    dits merge --abort
    [ ! -e a.txt ]
}

test_what_the_other_side_kept_counts_as_tracked() {
    on_other last_line
    dits rm -q a.txt
    commit_all ours
    refused 1 dits merge other
    dits add -u
    expect_status 'A  a.txt
'
    dits undo -q
    dits commit -q --no-edit -a
    expect_status ''
    dits cat HEAD:a.txt | cmp - a.txt
}

test_clean_leaves_what_is_in_conflict() {
    mkdir -p d/e
    echo base >d/e/x
    commit_all more
    dits branch -f other
    dits switch -q other
    echo theirs >d/e/x
    commit_all theirs
    dits switch -q main
    dits rm -q -r d
    commit_all ours
    refused 1 dits merge other
    echo loose >d/loose
    dits clean -q -f -d
    expect_content theirs d/e/x
    [ ! -e d/loose ]
}

test_files_in_conflict_are_not_moved() {
    on_other same_line
    sed -i '1s/.*/ours/' a.txt
    commit_all ours
    refused 1 dits merge other
    refused 1 dits mv a.txt b.txt
    expect_match "'a.txt' is in conflict" ../err
    dits mv k.txt l.txt
    expect_status 'UU a.txt
R  k.txt -> l.txt
'
}

test_names_beside_conflicts_are_never_shared() {
    printf '\0b' >x
    printf '\0b' >x.2
    commit_all more
    dits branch -f other
    dits switch -q other
    printf '\0t' >x
    printf '\0t2' >x.2
    commit_all theirs
    dits switch -q main
    printf '\0o' >x
    printf '\0o2' >x.2
    commit_all ours
    echo mine >x.ours
    refused 1 dits merge other
    expect_content mine x.ours
    printf '\0o' | cmp - x.ours2
    printf '\0o2' | cmp - x.ours.2
    dits resolve -q --theirs x.2
    [ -e x.ours2 ]
    [ ! -e x.ours.2 ]
    dits merge --abort
    expect_status '?? x.ours
'
}

test_any_name_lies_beside_untracked() {
    for name in '#x.mov' '[a]*?.mov' 'b\c.mov' "tab	d.mov" "line
e.mov" 'end ' '!f'; do
        printf '\0b' >"$name"
    done
    commit_all names
    dits branch -f other
    dits switch -q other
    for name in *.mov 'end ' '!f'; do printf '\0t' >"$name"; done
    commit_all theirs
    dits switch -q main
    for name in *.mov 'end ' '!f'; do printf '\0o' >"$name"; done
    commit_all ours
    refused 1 dits merge other
    expect_equal 7 "$(dits status -s | grep -c ^UU)"
    expect_equal 7 "$(dits status -s | wc -l)"
    dits add -A 2>/dev/null
    expect_status ''
}

rename_k() { dits mv -q k.txt moved.txt; }

test_renames_are_followed() {
    on_other rename_k
    echo more >>k.txt
    commit_all ours
    dits merge -q other
    [ ! -e k.txt ]
    expect_equal "keep more" "$(paste -sd ' ' moved.txt)"
}

# A clip that is cut short under a new name is still the clip.
trim_and_rename() {
    head -c 120000 clip.bin >trimmed.bin
    dits rm -q clip.bin
}

test_a_renamed_and_trimmed_clip_is_still_the_clip() {
    make_bytes clip.bin 3000000 4
    commit_all larger
    dits branch -f other
    dits switch -q other
    head -c 1200000 clip.bin >trimmed.bin
    dits rm -q clip.bin
    commit_all theirs
    dits switch -q main
    chmod +x clip.bin
    commit_all ours
    dits merge -q other
    [ -x trimmed.bin ]
    [ ! -e clip.bin ]
    expect_equal 1200000 "$(wc -c <trimmed.bin)"
}

test_a_file_in_the_place_of_a_folder_is_moved_aside() {
    dits switch -q other
    mkdir cut
    echo theirs >cut/one
    commit_all theirs
    dits switch -q main
    echo ours >'cut'
    commit_all ours
    refused 1 dits merge other
    expect_match 'CONFLICT \(file/directory\)' ../out
    expect_content theirs cut/one
    expect_content ours 'cut~HEAD'
    dits add 'cut~HEAD'
    dits commit -qm both
    expect_status ''
}

test_changes_that_would_be_lost_stop_it() {
    on_other last_line
    echo mine >>a.txt
    refused 1 dits merge other
    expect_match "would be lost in 'a.txt'" ../err
    expect_equal mine "$(tail -n 1 a.txt)"
    dits add a.txt
    refused 1 dits merge --no-ff other
    dits reset -q --hard
    echo mine >>k.txt
    dits merge -q other
    expect_status ' M k.txt
'
}

test_giving_up_keeps_changes_that_have_nothing_to_do_with_it() {
    on_other same_line
    sed -i '1s/.*/ours/' a.txt
    echo o >o.txt
    commit_all ours
    echo mine >>k.txt
    refused 1 dits merge other
    echo later >>o.txt
    echo edited >a.txt
    dits merge --abort
    expect_status ' M k.txt
 M o.txt
'
    expect_equal ours "$(head -n 1 a.txt)"
    dits undo -q
    expect_content edited a.txt
}

test_without_a_branch_it_goes_into_head() {
    on_other last_line
    dits switch -q --detach
    echo x >new.txt
    commit_all ours
    dits merge -q other
    expect_equal "Merge branch 'other' into HEAD" \
        "$(dits log -n 1 --format=%s)"
}

test_squashed_it_is_a_commit_of_ones_own() {
    on_other last_line
    dits merge --squash other >../out
    expect_match 'not updating HEAD' ../out
    expect_status 'M  a.txt
'
    dits commit -q --no-edit
    expect_parents 1
    dits log -n 1 >../out
    expect_match 'Squashed commit of the following' ../out
    expect_match '    theirs$' ../out
}

test_without_a_commit_it_stops_before() {
    on_other last_line
    echo x >new.txt
    commit_all ours
    dits merge -q --no-commit other
    expect_status 'M  a.txt
'
    dits status >../out
    expect_match 'still merging' ../out
    dits commit -q --no-edit
    expect_parents 2
}

test_histories_that_crossed_are_merged() {
    on_other last_line
    echo x >new.txt
    commit_all ours
    ours=$(dits log -n 1 --format=%H)
    dits merge -q other
    dits switch -q other
    dits merge -q "$ours"
    sed -i '2s/.*/two/' a.txt
    commit_all "after crossing"
    dits switch -q main
    sed -i '10s/.*/ten/' a.txt
    commit_all "after crossing, too"
    expect_equal 2 "$(dits merge-base --all main other | wc -l)"
    dits merge -q other
    expect_equal "two ten theirs" "$(sed -n '2p;10p;$p' a.txt | paste -sd ' ')"
}

test_unrelated_histories_need_a_word() {
    dits init -q ../second
    (cd ../second && echo s >s.txt && dits add . && dits commit -qm s)
    dits switch -q --detach
    dits rm -q -r .
    echo root >root.txt
    dits add .
    dits commit -qm unrelated-files
    dits switch -q main
    refused 1 dits merge 0000000
    dits merge -q HEAD
    refused 2 dits merge
    refused 2 dits merge --abort other
    refused 1 dits merge --abort
}

test_one_side_can_be_preferred() {
    on_other same_line
    sed -i '1s/.*/ours/' a.txt
    commit_all ours
    dits merge -q -X theirs other
    expect_equal theirs "$(head -n 1 a.txt)"
    dits undo -q
    dits merge -q -X ours other
    expect_equal ours "$(head -n 1 a.txt)"
}

test_json_says_what_became_of_it() {
    on_other same_line
    sed -i '1s/.*/ours/' a.txt
    commit_all ours
    refused 1 dits merge --json other
    python3 - ../out <<'END'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert lines[0]["path"] == "a.txt" and lines[0]["conflict"], lines
assert lines[1]["outcome"] == "conflicts" and lines[1]["conflicts"] == 1
END
    dits status --json >../out
    python3 - ../out <<'END'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert [l["conflict"] for l in lines] == ["both-modified"], lines
END
}

test_undo_takes_back_a_merge_and_redo_does_it_again() {
    on_other other_clip
    make_bytes clip.bin 300000 3
    commit_all ours
    cp clip.bin ../ours
    refused 1 dits merge other
    dits resolve -q --theirs clip.bin
    dits commit -q --no-edit
    cp clip.bin ../merged
    for _ in 1 2 3; do dits undo -q; done
    cmp clip.bin ../ours
    expect_status ''
    for _ in 1 2 3; do dits redo -q; done
    cmp clip.bin ../merged
    expect_parents 2
    expect_status ''
}

# --- attributes ---

# merge_as ATTRIBUTES: both sides change the first line of a.txt, and a.txt is
# merged so.
merge_as() {
    echo "a.txt $1" >.ditsattributes
    sed -i "1s/.*/$1/" a.txt
    commit_all attributes
    dits branch -f other
    on_other same_line
    sed -i '1s/.*/ours/' a.txt
    commit_all ours
    status=0
    dits merge -q other >../out 2>&1 || status=$?
}

test_attributes_choose_a_side() {
    merge_as merge=ours
    expect_equal "0 ours 2" "$status $(head -n 2 a.txt | xargs)"
    merge_as merge=theirs
    expect_equal "0 theirs 2" "$status $(head -n 2 a.txt | xargs)"
    expect_status ''
}

test_attributes_take_the_lines_of_both() {
    merge_as merge=union
    expect_equal "0 ours theirs 2" "$status $(head -n 3 a.txt | xargs)"
}

test_attributes_keep_a_text_from_being_merged() {
    for how in -merge merge=binary binary -text; do
        merge_as $how
        expect_equal "1 ours 2" "$status $(head -n 2 a.txt | xargs)"
        expect_equal theirs "$(head -n 1 a.theirs.txt)"
        dits merge --abort
    done
}

run_tests
