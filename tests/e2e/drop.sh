#!/bin/sh
# dits drop: the content of files is left to the repository alone.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    mkdir shots
    make_bytes shots/a.mov 300000 1
    make_bytes b.mov 200000 2
    echo small >small.txt
    dits add .
    dits commit -qm first
    cp -r shots b.mov ..
}

expect_dropped() {
    expect_match '^# This file was dropped by dits' "$1"
    [ "$(wc -c <"$1")" -lt 2048 ] || fail "'$1' is large"
}

expect_clean() {
    dits status -s >../status
    expect_empty ../status
}

test_files_are_dropped_and_unchanged() {
    dits drop . >../out 2>../err
    printf "drop 'b.mov'\ndrop 'shots/a.mov'\n" | LC_ALL=C sort >../wanted
    LC_ALL=C sort ../out | diff -u ../wanted -
    expect_match '^dropped 2 files, 500.0 KB$' ../err
    expect_dropped b.mov
    expect_match "^# To bring it back: dits get 'a.mov'$" shots/a.mov
    expect_content small small.txt
    expect_clean
    dits status >../out
    expect_match '^2 files are dropped: the content is in the repository alone$' ../out
    expect_match 'working tree clean' ../out
    dits diff --stat >../out
    expect_empty ../out
    dits fsck --full >../out
}

test_nothing_of_it_is_committed() {
    dits drop -q .
    dits add -A
    expect_clean
    echo more >>small.txt
    dits commit -qam second
    dits cat HEAD:b.mov >../out
    expect_same ../b.mov ../out
    expect_dropped b.mov
}

test_listed() {
    dits drop -q b.mov
    dits ls --dropped >../out
    expect_content b.mov ../out
    dits ls --staged -l >../out
    expect_match '  b.mov \(dropped\)$' ../out
    expect_match '  small.txt$' ../out
    dits ls --staged --json b.mov >../out
    expect_match '"dropped": true' ../out
    dits status --json >../out
    expect_content '{"path": "b.mov", "staged": "unchanged", "worktree": "dropped"}' ../out
    expect_failure 2 dits ls --dropped HEAD
}

test_changes_and_what_is_not_committed_stay() {
    patch_byte b.mov 77
    cp b.mov ../changed.mov
    expect_failure 1 dits drop b.mov
    expect_match "'b.mov'" stderr
    expect_same ../changed.mov b.mov
    dits add b.mov
    expect_failure 1 dits drop b.mov
    expect_match "'b.mov' is staged and not committed" stderr
    dits restore --staged b.mov
    dits drop -qf b.mov
    expect_dropped b.mov
    dits undo >../out
    expect_same ../changed.mov b.mov
}

test_undo_and_redo() {
    dits drop -q .
    dits undo >../out
    expect_match 'dits drop -q' ../out
    expect_same ../b.mov b.mov
    expect_same ../shots/a.mov shots/a.mov
    dits redo >../out
    expect_dropped b.mov
    dits ls --dropped >../out
    expect_lines 2 ../out
    expect_clean
}

test_switching_keeps_it_dropped() {
    dits switch -qc other
    patch_byte b.mov 99
    cp b.mov ../other.mov
    dits commit -qam other
    dits drop -q b.mov
    dits switch -q main
    expect_dropped b.mov
    expect_clean
    dits reset -q --hard other
    expect_dropped b.mov
    dits restore b.mov
    expect_dropped b.mov
    dits get -q b.mov
    expect_same ../other.mov b.mov
    dits undo >../out
    expect_dropped b.mov
}

test_a_stand_in_that_was_deleted_comes_back_as_one() {
    dits drop -q .
    rm b.mov
    rm -r shots
    dits status -s >../out
    expect_match '^ D b.mov$' ../out
    dits restore b.mov
    expect_dropped b.mov
    dits switch -qc other
    make_bytes b.mov 210000 8
    dits add b.mov
    dits commit -qm other
    rm b.mov
    dits restore b.mov # it was whole
    expect_equal 210000 "$(wc -c <b.mov)"
    dits drop -q b.mov
    rm -f b.mov
    dits switch -q main
    expect_dropped b.mov
    rm b.mov
    dits reset -q --hard
    expect_dropped b.mov
    expect_dropped shots/a.mov
    expect_clean
    dits get -q .
    cmp b.mov ../b.mov
    cmp shots/a.mov ../shots/a.mov
}

test_undoing_a_drop_brings_the_file_back_whole() {
    dits drop -q b.mov
    rm b.mov
    dits undo >../out
    cmp b.mov ../b.mov
}

test_merging() {
    seq 2000 >text.txt
    dits add .
    dits commit -qm text
    dits switch -qc other
    sed -i 's/^1000$/theirs/' text.txt
    patch_byte b.mov 9
    cp b.mov ../theirs.mov
    dits commit -qam theirs
    dits switch -q main
    sed -i 's/^1000$/ours/' text.txt
    dits commit -qam ours
    dits drop -q .
    expect_failure 1 dits merge other
    expect_match '^<<<<<<<' text.txt # a conflict must be seen
    expect_dropped b.mov
    rm stderr
    dits undo >../out
    expect_match '^ours$' text.txt
    expect_dropped b.mov
    expect_clean
    dits merge -q -X theirs other
    expect_dropped b.mov
    expect_clean
    dits get -q .
    expect_same ../theirs.mov b.mov
    expect_match '^theirs$' text.txt
}

test_renamed_by_hand_and_by_dits() {
    dits drop -q .
    mv b.mov c.mov
    dits add -A
    dits status -s >../out
    expect_content 'R  b.mov -> c.mov' ../out
    dits mv c.mov d.mov
    dits commit -qm renamed
    expect_clean
    dits get -q d.mov
    expect_same ../b.mov d.mov
}

test_removed() {
    dits drop -q b.mov
    dits rm -q b.mov
    expect_no_file b.mov
    dits undo >../out
    expect_clean
}

test_a_changed_one_is_refused() {
    dits drop -q b.mov
    echo "# a note" >>b.mov
    dits status -s >../out
    expect_content ' M b.mov' ../out
    expect_failure 1 dits commit -am note
    expect_match "'b.mov' stands for a file whose content is not here" stderr
    dits restore b.mov
    expect_same ../b.mov b.mov
}

test_one_from_another_repository_is_refused() {
    dits drop -q b.mov
    dits init -q ../second
    cp b.mov ../second
    cd ../second
    expect_failure 1 dits add .
    expect_match "'b.mov' stands for a file" stderr
}

test_what_is_damaged_stays() {
    for pack in .dits/packs/*.pack; do
        [ "$(wc -c <"$pack")" -lt 200000 ] || patch_byte "$pack" 100000
    done
    expect_failure 1 dits drop b.mov shots
    expect_match "hint: .*only whole copy" stderr
    expect_same ../b.mov b.mov
    expect_same ../shots/a.mov shots/a.mov
}

test_media_says_so() {
    dits drop -q b.mov
    expect_failure 1 dits media b.mov
    expect_match "dropped" stderr
}

test_dry_run_and_json() {
    dits drop -n . >../out 2>../err
    expect_lines 2 ../out
    expect_match '^would drop 2 files' ../err
    expect_same ../b.mov b.mov
    dits drop --json b.mov >../out 2>../err
    expect_content '{"action": "M", "path": "b.mov"}' ../out
    expect_empty ../err
    dits drop . >../out # the rest
    expect_content "drop 'shots/a.mov'" ../out
}

test_errors() {
    expect_failure 1 dits drop nothing
    expect_match "'nothing'" stderr
    expect_failure 2 dits drop
    dits drop small.txt 2>../err
    expect_match '^dropped 0 files' ../err
    expect_content small small.txt
}

run_tests
