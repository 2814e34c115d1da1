#!/bin/sh
# dits resolve: ours, theirs, base, both.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    mkdir cut
    echo base >a.txt
    make_bytes cut/clip.bin 100000 1
    dits add .
    dits commit -qm base
    dits switch -qc other
    echo theirs >a.txt
    make_bytes cut/clip.bin 100000 2
    dits commit -qam theirs
    dits switch -q main
    echo ours >a.txt
    make_bytes cut/clip.bin 100000 3
    dits commit -qam ours
    for side in main other; do
        dits cat $side:cut/clip.bin >../$side
    done
    refused 1 dits merge other
}

test_a_side_is_taken() {
    dits resolve --theirs cut >../out
    expect_equal "resolved 'cut/clip.bin'" "$(cat ../out)"
    cmp cut/clip.bin ../other
    expect_equal clip.bin "$(ls cut)"
    expect_status 'UU a.txt
M  cut/clip.bin
'
    dits resolve -q --ours a.txt >../out
    expect_empty ../out
    expect_content ours a.txt
    expect_status 'M  cut/clip.bin
'
}

test_the_base_is_taken() {
    dits resolve -q --base --all
    expect_content base a.txt
    expect_status 'M  a.txt
M  cut/clip.bin
'
}

test_both_are_kept() {
    dits resolve -q --both --all
    cmp cut/clip.bin ../main
    cmp cut/clip.theirs.bin ../other
    expect_content ours a.txt
    expect_content theirs a.theirs.txt
    expect_status 'A  a.theirs.txt
A  cut/clip.theirs.bin
'
}

test_what_was_edited_comes_back_with_undo() {
    echo edited >a.txt
    echo edited >cut/clip.theirs.bin
    dits resolve -q --ours --all
    expect_content ours a.txt
    [ ! -e cut/clip.theirs.bin ]
    dits undo -q
    expect_content edited a.txt
    expect_content edited cut/clip.theirs.bin
    expect_status 'UU a.txt
UU cut/clip.bin
'
}

test_only_one_side_cannot_be_both() {
    dits merge --abort
    dits rm -q a.txt
    dits commit -qm gone
    refused 1 dits merge other
    refused 1 dits resolve --both a.txt
    expect_match 'one side only' ../err
    dits resolve -q --theirs a.txt
    expect_content theirs a.txt
    dits undo -q
    dits resolve -q --ours a.txt
    [ ! -e a.txt ]
}

test_json_names_the_paths() {
    dits resolve --json --ours a.txt >../out
    expect_match '"path": "a.txt"' ../out
}

test_mistakes_are_refused() {
    refused 2 dits resolve a.txt
    refused 2 dits resolve --ours --theirs a.txt
    refused 2 dits resolve --ours
    refused 2 dits resolve --ours --all a.txt
    refused 1 dits resolve --ours nothing.txt
    dits merge --abort
    refused 1 dits resolve --ours --all
    expect_match 'no conflicts' ../err
}

run_tests
