#!/bin/sh
# A clip in fragments is served in parts: any range of them is a file in its own
# right, which ffmpeg reads without a word, with the same packets.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
helpers=$(dirname "$test_file")

setup() {
    command -v ffmpeg >/dev/null || skip "no ffmpeg"
    dits init -q repo
    cd repo
}

# make_clip NAME OPTION...: 8 s of moving picture with B-frames, and sound. Each
# is made once for all tests.
make_clip() {
    name=$1
    shift
    [ -f "$scratch/plain.mp4" ] ||
        ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=160x120:r=25:d=8 \
            -f lavfi -i sine=f=440:r=48000:d=8 -c:v libx264 \
            -preset veryfast -g 25 -bf 2 -pix_fmt yuv420p -c:a aac -b:a 64k \
            "$scratch/plain.mp4"
    mkdir -p "$scratch/clips"
    [ -f "$scratch/clips/$name" ] ||
        ffmpeg -nostdin -v error -y -i "$scratch/plain.mp4" -c copy "$@" \
            "$scratch/clips/$name"
    cp "$scratch/clips/$name" .
}

# The way of each flavour to say where data is, when, and what there is.
make_clips() {
    make_clip absolute.mp4 -movflags frag_keyframe+empty_moov
    make_clip moof.mp4 -movflags frag_keyframe+empty_moov+default_base_moof
    make_clip implicit.mp4 \
        -movflags frag_keyframe+empty_moov+omit_tfhd_offset
    make_clip sidx.mp4 \
        -movflags frag_keyframe+empty_moov+default_base_moof+global_sidx
    make_clip dash.mp4 -movflags dash+frag_keyframe+empty_moov
    make_clip cmaf.mp4 -movflags cmaf+frag_keyframe+empty_moov
    make_clip own.mp4 -movflags frag_keyframe
    make_clip apart.mp4 -movflags frag_keyframe+empty_moov+separate_moof
    make_clip edits.mp4 -movflags frag_keyframe+empty_moov+delay_moov
    dits add .
}

# expect_clean FILE: ffmpeg decodes it and has nothing to say.
expect_clean() {
    ffmpeg -nostdin -v warning -i "$1" -f null - 2>../said
    expect_empty ../said
}

count_fragments() {
    dits media --fragments --json "$1" | wc -l
}

# Ranges that begin with a key picture and have both tracks.
random_ranges() {
    dits media --fragments --json "$1" >../list
    python3 - ../list "$2" <<'END'
import json, random, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
stream = random.Random(sys.argv[1] + str(len(rows)))
step = 2 if rows[0]["tracks"] == 1 else 1
for _ in range(int(sys.argv[2])):
    first = stream.randrange(0, len(rows), step)
    last = stream.randrange(first + step - 1, len(rows), step)
    print(first + 1, last + 1)
END
}

test_any_range_has_the_packets_of_the_clip() {
    make_clips
    for clip in *.mp4; do
        random_ranges "$clip" 2 >../ranges
        while read -r first last; do
            dits cat --fragments "$first..$last" ":$clip" >../part.mp4
            expect_clean ../part.mp4
            python3 "$helpers/check_fragments.py" "$clip" "$first" "$last" \
                ../part.mp4
        done <../ranges
    done
}

test_times_can_be_kept() {
    make_clips
    for clip in *.mp4; do
        dits cat --keep-times --fragments 3..4 ":$clip" >../part.mp4
        python3 "$helpers/check_fragments.py" "$clip" 3 4 ../part.mp4 keep
    done
}

test_bytes_can_be_asked_for_in_any_order() {
    make_clips
    for clip in absolute.mp4 implicit.mp4 own.mp4 sidx.mp4; do
        dits cat --fragments 2..6 ":$clip" >../whole.mp4
        python3 - ":$clip" ../whole.mp4 <<'END'
import random, subprocess, sys
clip = sys.argv[1]
whole = open(sys.argv[2], "rb").read()
stream = random.Random(clip)
step = len(whole) // 12
pieces = []
for at in range(0, len(whole), step):  # with what follows, in part twice
    pieces.append((at, min(len(whole), at + step + stream.randrange(999)) - 1))
stream.shuffle(pieces)
seen = bytearray(len(whole))
for first, last in pieces:
    part = subprocess.run(
        ["dits", "cat", "--fragments", "2..6", "--bytes", f"{first}-{last}",
         clip], stdout=subprocess.PIPE, check=True).stdout
    assert part == whole[first:last + 1], (clip, first, last)
    seen[first:last + 1] = part
assert seen == whole, clip
END
    done
}

test_all_of_it_is_the_clip() {
    make_clips
    for clip in *.mp4; do
        dits cat --fragments 1.. --keep-times --keep-numbers ":$clip" >../out
        expect_same "$clip" ../out
    done
}

test_a_time_is_found() {
    make_clip clip.mp4 -movflags frag_keyframe+empty_moov+default_base_moof
    dits add .
    dits commit -qm one
    dits cat --time 0:03.5..0:05 clip.mp4 >../part.mp4
    expect_clean ../part.mp4
    python3 "$helpers/check_fragments.py" clip.mp4 4 5 ../part.mp4
}

test_a_recording_that_was_cut_off() {
    make_clip whole.mp4 -movflags frag_keyframe+empty_moov+default_base_moof
    head -c 100000 whole.mp4 >clip.mp4
    dits add .
    count=$(count_fragments clip.mp4)
    [ "$count" -gt 1 ]
    dits media --fragments clip.mp4 >../list
    expect_match 'damaged or cut off' ../list
    dits cat --fragments 1.. :clip.mp4 >../part.mp4
    expect_clean ../part.mp4
    python3 "$helpers/check_fragments.py" whole.mp4 1 "$count" ../part.mp4
}

# Real clips of many makers. Some have to be refused, and say why; what ffprobe
# has to say of a clip it may also say of its parts.
test_clips_of_the_corpus() {
    [ -d "${DITS_CORPUS:-/nonexistent}/found/fmp4" ] || skip "no DITS_CORPUS"
    served=0
    for clip in "$DITS_CORPUS"/found/fmp4/*; do
        case $clip in *.oracle) continue ;; esac
        count=$(count_fragments "$clip" 2>/dev/null)
        [ "$count" -gt 1 ] || continue
        name=$(basename "$clip")
        cp "$clip" .
        chmod u+w "$name"
        dits add "$name"
        dits cat --fragments "2..$count" ":$name" >../part.mp4 2>../said ||
            { expect_match '^  because' ../said && continue; }
        python3 "$helpers/check_fragments.py" "$name" 2 "$count" ../part.mp4
        served=$((served + 1))
    done
    [ "$served" -ge 8 ]
}

run_tests
