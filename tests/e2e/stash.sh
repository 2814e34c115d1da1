#!/bin/sh
# dits stash: changes put away and brought back.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    seq 1 20 >a.txt
    make_bytes clip.bin 100000 1
    echo '*.log' >.ditsignore
    dits add .
    dits commit -qm base
}

# Something staged, something not, something untracked.
change() {
    sed -i '1s/.*/staged/' a.txt
    dits add a.txt
    sed -i '$s/.*/not staged/' a.txt
    make_bytes clip.bin 100000 2
    cp clip.bin ../changed
    mkdir -p notes
    echo todo >notes/list.txt
    echo noise >x.log
}

test_changes_go_away_and_come_back() {
    change
    dits stash >../out
    expect_equal "Saved working directory and index state" "$(cat ../out)"
    expect_status '?? notes/
'
    seq 1 20 | cmp - a.txt
    dits stash list >../out
    expect_match '^stash@\{0\}: WIP on main: [0-9a-f]{7} base$' ../out
    dits stash pop >../out
    expect_match '^Dropped stash@\{0\} \([0-9a-f]{7}\)$' ../out
    expect_status ' M a.txt
 M clip.bin
?? notes/
'
    expect_equal "staged not staged" "$(sed -n '1p;$p' a.txt | paste -sd ' ')"
    cmp clip.bin ../changed
    dits stash list >../out
    expect_empty ../out
    dits stash list --json >../out
    expect_empty ../out
    dits fsck --full >/dev/null
}

test_what_was_staged_can_be_staged_again() {
    change
    dits stash -q
    dits stash pop -q --index
    expect_status 'MM a.txt
 M clip.bin
?? notes/
'
    expect_equal 20 "$(dits cat :a.txt | tail -n 1)"
    expect_equal staged "$(dits cat :a.txt | head -n 1)"
}

test_untracked_files_go_when_asked_for() {
    change
    dits stash -q -u
    expect_status ''
    [ ! -e notes ]
    [ -e x.log ]
    dits stash -q -a
    [ ! -e x.log ]
    dits stash pop -q
    expect_content noise x.log
    dits stash pop -q
    expect_content todo notes/list.txt
    expect_status ' M a.txt
 M clip.bin
?? notes/
'
}

test_untracked_files_in_the_way_stop_it() {
    change
    dits stash -q -u
    mkdir notes
    echo other >notes/list.txt
    refused 1 dits stash pop
    expect_match "notes/list.txt" ../err
    expect_content other notes/list.txt
    expect_equal 1 "$(dits stash list | wc -l)"
    seq 1 20 | cmp - a.txt
}

test_what_is_staged_can_stay() {
    change
    dits stash -q --keep-index
    expect_status 'M  a.txt
?? notes/
'
    expect_equal "staged 20" "$(sed -n '1p;$p' a.txt | paste -sd ' ')"
}

test_paths_go_alone() {
    change
    dits stash push -q -m "just the clip" -- clip.bin
    expect_status 'MM a.txt
?? notes/
'
    dits stash list >../out
    expect_match '^stash@\{0\}: On main: just the clip$' ../out
    dits stash show >../out
    expect_match 'clip.bin' ../out
    expect_no_match 'a.txt' ../out
    dits stash pop -q
    expect_status 'MM a.txt
 M clip.bin
?? notes/
'
}

test_several_are_numbered_from_the_newest() {
    for word in one two three; do
        echo $word >a.txt
        dits stash push -q -m $word
    done
    expect_equal "three two one" \
        "$(dits stash list | sed 's/.*: //' | paste -sd ' ')"
    dits stash apply -q 'stash@{1}'
    expect_content two a.txt
    dits restore a.txt
    dits stash drop -q 1
    expect_equal "three one" "$(dits stash list | sed 's/.*: //' | paste -sd ' ')"
    dits show -s --format=%s 'stash@{1}' >../out
    expect_equal "On main: one" "$(cat ../out)"
    dits stash clear
    expect_equal 0 "$(dits stash list | wc -l)"
    dits undo -q
    expect_equal 2 "$(dits stash list | wc -l)"
    dits gc -q --prune now
    dits stash pop -q 1
    expect_content one a.txt
}

test_conflicts_keep_the_stash() {
    sed -i '1s/.*/stashed/' a.txt
    dits stash -q
    sed -i '1s/.*/since/' a.txt
    dits commit -qam since
    refused 1 dits stash pop
    expect_match 'CONFLICT \(content\): Merge conflict in a.txt' ../out
    expect_match '^<<<<<<< Updated upstream$' a.txt
    expect_status 'UU a.txt
'
    expect_equal 1 "$(dits stash list | wc -l)"
    refused 1 dits stash
    dits resolve -q --theirs a.txt
    expect_equal stashed "$(head -n 1 a.txt)"
    dits commit -qm resolved
    expect_equal 1 "$(dits log -n 1 --format=%P | wc -w)"
    expect_status ''
}

# A stash of another clip than HEAD has, applied: both lie beside it.
conflict_of_clips() {
    printf '\0base' >clip.mov
    dits add clip.mov
    dits commit -qm clip
    printf '\0mine' >clip.mov
    dits stash -q
    printf '\0other' >clip.mov
    dits commit -qam other
    refused 1 dits stash pop
    expect_file clip.ours.mov
    expect_file clip.theirs.mov
}

test_copies_go_with_the_last_conflict() {
    conflict_of_clips
    printf '\0both' >clip.mov
    dits add clip.mov
    expect_status 'M  clip.mov
'
    expect_no_file clip.ours.mov
    dits undo -q
    expect_status 'UU clip.mov
'
    expect_file clip.ours.mov
    dits redo -q
    expect_no_file clip.theirs.mov
}

test_copies_go_when_the_file_goes() {
    conflict_of_clips
    dits rm clip.mov >../out
    expect_content "rm 'clip.mov'" ../out
    expect_status 'D  clip.mov
'
    dits undo -q
    expect_file clip.theirs.mov
    dits restore --staged --worktree clip.mov
    expect_status ''
    dits undo -q
    expect_file clip.theirs.mov
    dits restore --staged clip.mov
    expect_no_file clip.theirs.mov
}

test_a_copy_that_was_edited_stays() {
    conflict_of_clips
    printf '\0edited' >clip.theirs.mov
    dits add clip.mov
    expect_status '?? clip.theirs.mov
'
}

test_copies_of_a_pick_without_a_commit_go() {
    conflict_of_clips
    dits add clip.mov
    dits reset -q --hard
    dits switch -qc side HEAD~1
    printf '\0side' >clip.mov
    dits commit -qam side
    dits switch -q main
    refused 1 dits cherry-pick -n side
    expect_file clip.ours.mov
    printf '\0both' >clip.mov
    dits add clip.mov
    expect_status 'M  clip.mov
'
}

test_changes_in_the_way_stop_it() {
    echo stashed >a.txt
    dits stash -q
    echo mine >a.txt
    refused 1 dits stash pop
    expect_match "would be lost in 'a.txt'" ../err
    expect_content mine a.txt
    expect_equal 1 "$(dits stash list | wc -l)"
}

test_a_branch_is_made_where_it_fits() {
    change
    dits stash -q
    seq 5 >a.txt
    dits commit -qam "no room for it"
    dits stash branch -q later
    expect_equal later "$(dits branch --show-current)"
    expect_status 'MM a.txt
 M clip.bin
?? notes/
'
    expect_equal 0 "$(dits stash list | wc -l)"
}

test_nothing_to_put_away_is_said() {
    dits stash >../out
    expect_equal "No local changes to save" "$(cat ../out)"
    dits op log -n 1 >../out
    expect_no_match stash ../out
    refused 1 dits stash pop
    expect_match 'there is no stash' ../err
    refused 1 dits stash drop 3
    refused 2 dits stash nonsense
    refused 2 dits stash pop x
    refused 2 dits stash branch
    dits init -q ../empty
    cd ../empty
    echo x >x
    refused 1 dits stash
}

test_undo_brings_the_changes_back_and_redo_puts_them_away() {
    change
    dits stash -q -u
    dits undo -q
    expect_status 'MM a.txt
 M clip.bin
?? notes/
'
    expect_content todo notes/list.txt
    expect_equal 0 "$(dits stash list | wc -l)"
    dits redo -q
    expect_status ''
    expect_equal 1 "$(dits stash list | wc -l)"
    dits stash pop -q
    dits undo -q
    expect_status ''
    expect_equal 1 "$(dits stash list | wc -l)"
}

test_deleted_and_new_files_are_part_of_it() {
    rm clip.bin
    echo new >new.txt
    dits add new.txt
    dits stash -q
    expect_status ''
    [ -e clip.bin ]
    [ ! -e new.txt ]
    dits stash pop -q
    expect_status ' D clip.bin
A  new.txt
'
}

run_tests
