#!/bin/sh
# dits media: the overview, its JSON, its tables, and what can go wrong.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    command -v ffmpeg >/dev/null || skip "no ffmpeg"
    dits init -q repo
    cd repo
    make_video shot.ts 2
    dits add shot.ts
    dits commit -qm "first cut"
}

test_the_overview() {
    dits media shot.ts >../out
    expect_match '^shot.ts$' ../out
    expect_match '^  MPEG-TS, 00:00:0[12]' ../out
    expect_match '^   1  video +mpeg4' ../out
    expect_no_match 'stored' ../out
}

test_fragments_are_listed() {
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=160x120:r=25:d=3 -g 25 \
        -c:v mpeg4 \
        -movflags frag_keyframe+empty_moov+default_base_moof+global_sidx \
        clip.mp4
    dits media --fragments clip.mp4 >../out
    expect_match '^ +2 +00:00:01.000 +1.000 s .* 1  key$' ../out
    expect_match '^sidx: 3 references, 0 of them wrong$' ../out
    dits add clip.mp4
    dits commit -qm clip
    dits media --json --fragments clip.mp4@HEAD >../rows
    expect_lines 3 ../rows
    expect_match '"fragment": 3, .*"start": "2/1", .*"sync": true' ../rows
    expect_failure 1 dits media --fragments shot.ts
    expect_match 'no movie with fragments' stderr
}

test_json_is_one_object() {
    dits media --json shot.ts >../out
    expect_lines 1 ../out
    python3 - ../out <<'EOF'
import json, sys
media = json.loads(open(sys.argv[1]).read())
assert media["file"] == "shot.ts" and media["container"] == "mpegts"
assert media["stored"] is None and media["problems"] == []
[video] = media["tracks"]
assert video["kind"] == "video" and video["codec"] == "mpeg4"
assert video["samples"] == 50 and video["time_base"] == "1/90000"
EOF
}

# A run of samples that begins before the file does.
test_places_outside_of_the_file_are_not_shown() {
    ffmpeg -nostdin -v error -i shot.ts -c copy -movflags \
        frag_keyframe+empty_moov+default_base_moof shot.mp4
    python3 - shot.mp4 <<'EOF'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
run = data.index(b"trun")
data[run + 12:run + 16] = b"\x80\0\0\0"
open(sys.argv[1], "wb").write(data)
EOF
    dits media --samples shot.mp4 >../out
    expect_match '^ +0 +- ' ../out
    expect_no_match 18446744073709551615 ../out
    dits media --json --samples shot.mp4 >../out
    expect_no_match 18446744073709551615 ../out
    expect_match '"number": 0, "offset": null, "size"' ../out
}

test_chapters_of_quicktime() {
    cat >chapters <<'EOF'
;FFMETADATA1
[CHAPTER]
TIMEBASE=1/1000
START=0
END=500
title=Slate
[CHAPTER]
TIMEBASE=1/1000
START=500
END=2000
title=Take
EOF
    ffmpeg -nostdin -v error -i shot.ts -f ffmetadata -i chapters \
        -map_chapters 1 -map 0 -c copy shot.mov
    dits media --json shot.mov >../out
    expect_match '"chapter.end": \["1/2", "2/1"\]' ../out
    expect_match '"start": "1/2", "title": "Take"' ../out
}

test_fragments_behind_a_movie_count() {
    ffmpeg -nostdin -v error -i shot.ts -c copy -movflags frag_keyframe \
        -f mp4 parts.mp4
    dits media --json parts.mp4 >../out
    expect_match '"duration": "2/1", "tracks"' ../out
}

test_stored_versions() {
    dits media --json shot.ts@HEAD >../out
    expect_match '"stored": \{"form": "(whole|flat|woven)"' ../out
    rm shot.ts
    dits media HEAD:shot.ts >../out
    expect_match '^  stored ' ../out
    dits media :shot.ts >../out
    expect_match '^  stored ' ../out
    dits media 'shot.ts@HEAD@{0}' >../out
    expect_match '^  stored ' ../out
}

test_a_file_of_that_name_comes_first() {
    cp shot.ts shot@HEAD.ts
    dits media --json shot@HEAD.ts >../out
    expect_match '"stored": null' ../out
}

test_it_needs_no_repository() {
    cp shot.ts ..
    cd ..
    dits media shot.ts >out
    expect_match '^  MPEG-TS' out
    expect_failure 1 dits media shot.ts@HEAD
}

test_tables() {
    dits media --samples --json shot.ts >../out
    expect_lines 50 ../out
    expect_each_line '^\{"file": "shot.ts", "track": 1, "number": [0-9]+, ' ../out
    dits media --keyframes --json shot.ts >../out
    expect_match '"source": "[a-z]+", "confidence": [0-9]+\}$' ../out
    dits media --keyframes shot.ts >../out
    expect_match '^track 1, video mpeg4$' ../out
    dits media --tree shot.ts >../out
    expect_match '^ +0 +188  ' ../out
    dits media --tree --json shot.ts >../out
    expect_each_line '^\{"file": "shot.ts", "depth": ' ../out
}

test_a_map_covers_all_samples() {
    dits media --map --json shot.ts@HEAD >../out
    expect_each_line '^\{"file": "shot.ts@HEAD", "track": 1, "chunk": ' ../out
    expect_failure 1 dits media --map shot.ts
    expect_match 'is not a stored version' stderr
}

test_the_timecode_of_a_track_is_shown() {
    ffmpeg -nostdin -v error -i shot.ts -c copy -timecode 10:00:01:02 ../a.mov
    dits media ../a.mov >../out
    expect_match '^   1  video .*, 10:00:01:02$' ../out
    expect_match '^   2  timecode .*, 10:00:01:02$' ../out
}

test_one_track() {
    dits media --track 1 shot.ts >../out
    expect_match '^   1  video' ../out
    expect_failure 1 dits media --track 2 shot.ts
    expect_match 'it has 1 track$' stderr
}

test_what_is_no_media_is_told() {
    echo text >notes.txt
    expect_failure 1 dits media notes.txt
    expect_match "'notes.txt' is of no media format" stderr
    expect_failure 1 dits media notes.txt shot.ts >../out
    expect_match '^shot.ts$' ../out
    expect_failure 1 dits media nothing.mov
    expect_match "^dits: cannot show 'nothing.mov'" stderr
}

test_a_forgotten_file_is_a_usage_error() {
    expect_failure 2 dits media
    expect_match '^dits: FILE is missing$' stderr
}

run_tests
