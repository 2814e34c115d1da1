#!/bin/sh
# What changed between two versions of a clip, in an editor's words.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    command -v ffmpeg >/dev/null || skip "no ffmpeg"
    dits init -q repo
    cd repo
    encode -f lavfi -i testsrc2=s=320x240:r=25:d=6 \
        -f lavfi -i sine=f=440:d=6:r=48000 -c:v mpeg4 -g 25 -c:a aac \
        -metadata title=first ../first.mkv
    cp ../first.mkv clip.mkv
    dits add clip.mkv
}

encode() {
    ffmpeg -nostdin -v error -y "$@"
}

# Make the working file from the first version, and compare.
change() {
    encode "$@" ../second.mkv
    cp ../second.mkv clip.mkv
    dits diff >../out
}

test_metadata_alone() {
    change -i ../first.mkv -c copy -metadata title=second
    expect_match '^Media files differ: metadata only, samples identical$' ../out
    expect_match '^  video track 1: identical$' ../out
    expect_match '^  changed title first -> second$' ../out
}

test_what_was_lost_is_told() {
    change -i ../first.mkv -c copy -map_metadata -1
    expect_match '^  lost title first$' ../out
}

test_another_container() {
    encode -i ../first.mkv -c copy ../second.ts
    cp ../second.ts clip.mkv
    dits diff >../out
    expect_match '^Media files differ: remuxed from matroska to mpegts, samples identical$' ../out
}

test_a_trim_at_the_head() {
    change -ss 2 -i ../first.mkv -c copy
    expect_match '^  video track 1: trimmed 00:00:0[12]:[0-9]+ at the head$' ../out
}

test_a_trim_at_the_tail() {
    change -i ../first.mkv -c copy -t 4
    expect_match '^  video track 1: trimmed 00:00:0[12]:[0-9]+ at the tail$' ../out
    expect_match '^  duration: 00:00:06:[0-9]+ -> 00:00:04:[0-9]+$' ../out
}

test_new_sound() {
    change -i ../first.mkv -f lavfi -i sine=f=880:d=6:r=48000 -map 0:v \
        -map 1:a -c:v copy -c:a aac
    expect_match '^  video track 1: identical$' ../out
    expect_match '^  audio track 2: replaced$' ../out
}

test_sound_that_is_gone() {
    change -i ../first.mkv -c copy -an
    expect_match '^  audio track 2: removed, aac$' ../out
}

test_json_lists_the_changes() {
    change -i ../first.mkv -c copy -an
    dits diff --json >../out
    python3 - ../out <<'EOF'
import json, sys
[video] = [c for c in json.load(open(sys.argv[1]))["media"]
           if c["subject"] == "samples"]
assert video["action"] == "same" and video["kind"] == "video"
EOF
    echo text >notes.txt
    dits add notes.txt
    echo other >notes.txt
    dits diff --json notes.txt >../out
    expect_match '"media": null' ../out
}

test_places_are_kept_warned_of_or_refused() {
    encode -f lavfi -i testsrc2=s=64x64:r=25:d=1 -c:v mpeg4 \
        -metadata location=+48.8584+002.2945/ phone.mov
    dits add phone.mov 2>../out
    expect_empty ../out
    dits config media.location warn
    cp phone.mov warned.mov
    dits add warned.mov 2>../out
    expect_match "^warning: 'warned.mov' says where it was filmed$" ../out
    dits config media.location refuse
    cp phone.mov refused.mov
    dits add . 2>../out
    expect_match "^warning: 'refused.mov' says where it was filmed: left out" ../out
    dits status >../out
    expect_match 'refused.mov' ../out
    dits media phone.mov >../out
    expect_no_match '48.8584' ../out
    expect_match "'--with-location' shows it" ../out
    dits media --with-location phone.mov >../out
    expect_match '48.8584' ../out
    dits config media.location nonsense
    expect_failure 1 dits add .
    expect_match "'media.location' is 'keep', 'warn' or 'refuse'" stderr
}

run_tests
