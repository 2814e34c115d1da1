#!/bin/sh
# One clip in many wrappings: what an editor's programs do to a file without
# touching pictures or sound is stored for almost nothing.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

ALLOWANCE=49152 # the headers, the weave and a few chunks of a small file

CHUNK=1572864 # where a trimmed copy is cut: these codecs have large chunks

setup() {
    command -v ffmpeg >/dev/null || skip "no ffmpeg"
    dits init -q repo
    cd repo
}

encode() {
    ffmpeg -nostdin -v error -y "$@"
}

# copy FILE OPTION... OUT: another wrapping of the same pictures and sound.
copy() {
    input=$1
    shift
    encode -i "$input" -map 0 -c copy -fflags +bitexact "$@"
}

# film FILE SIZE SECONDS NOISE OPTION...
film() {
    out=$1
    picture=testsrc2=s=$2:r=30:d=$3
    sound="sine=f=220:r=48000:d=$3:b=4"
    noise=noise=alls=$4:allf=t:all_seed=42
    shift 4
    encode -fflags +bitexact -f lavfi -i "$picture" -f lavfi -i "$sound" \
        -vf "$noise" "$@" -flags:v +bitexact -flags:a +bitexact "$out"
}

# added FILE: adds it, and sets $grown to what the store grew by.
added() {
    dits add --json "$1" | tail -n 1 >../added
    grown=$(sed 's/.*"stored_bytes": \([0-9]*\).*/\1/' ../added)
}

# expect_cheap FILE PER_MILLE [BYTES]: it costs no more than so much of itself.
expect_cheap() {
    added "$1"
    limit=$(($(stat -c %s "$1") * $2 / 1000 + ALLOWANCE + ${3:-0}))
    echo "$1: $grown bytes of $(stat -c %s "$1"), limit $limit"
    [ "$grown" -le "$limit" ] || too_much="${too_much-} $1"
}

# What the lists of chunks and the weave add to a file of more than 10 MB.
expect_small_overhead() {
    size=$(stat -c %s "$1")
    [ "$size" -gt 10000000 ] || fail "'$1' is too small to judge"
    added "$1"
    dits stats --json >../stats
    recipe=0
    for kind in asset list; do
        part=$(sed "s/.*\"${kind}_stored_bytes\": \([0-9]*\).*/\1/" ../stats)
        recipe=$((recipe + part))
    done
    echo "$1: $recipe bytes of recipe, $((recipe * 1000000 / size)) ppm"
    [ "$recipe" -le "$((size / 1000))" ] || too_much="${too_much-} $1"
}

expect_not_too_much() {
    [ -z "${too_much-}" ] || fail "too much is stored anew:$too_much"
}

# Wrappings of a film with groups of pictures.
long_gop() {
    expect_small_overhead film.mp4
    gops=$(($(stat -c %s film.mp4) / 7)) # two of fourteen
    copy film.mp4 -movflags +faststart faststart.mp4
    copy film.mp4 -metadata title=Take7 -metadata comment=graded titled.mp4
    copy film.mp4 -f mov remux.mov
    copy film.mp4 remux.mkv
    copy film.mp4 -movflags +frag_keyframe+empty_moov+default_base_moof \
        fragments.mp4
    copy film.mp4 -movflags +empty_moov+default_base_moof \
        -frag_duration 700000 fragments7.mp4
    copy film.mp4 -max_interleave_delta 1 interleaved.mov
    encode -i film.mp4 -map 0:v -c copy -fflags +bitexact silent.mp4
    copy film.mp4 -f mpegts remux.ts
    copy film.mp4 -t 7 head.mp4
    encode -ss 4.2 -i film.mp4 -map 0 -c copy -fflags +bitexact tail.mp4
    printf "file '%s'\n" "$PWD/film.mp4" "$PWD/film.mp4" >../twice.txt
    encode -f concat -safe 0 -i ../twice.txt -map 0 -c copy \
        -fflags +bitexact twice.mp4
    for file in faststart.mp4 titled.mp4 remux.mov remux.mkv fragments.mp4 \
        fragments7.mp4 interleaved.mov silent.mp4; do
        expect_cheap $file 2
    done
    expect_cheap remux.ts 20
    expect_cheap head.mp4 0 "$gops"
    expect_cheap tail.mp4 0 "$gops"
    expect_cheap twice.mp4 0 "$gops"
}

test_h264() {
    film film.mp4 640x360 14 14 -pix_fmt yuv420p -c:v libx264 \
        -preset ultrafast -b:v 6M -g 30 -keyint_min 30 -sc_threshold 0 -bf 2 \
        -c:a aac -b:a 128k
    long_gop
    encode -f lavfi -i sine=f=330:r=48000:d=14:b=4 -c:a aac -b:a 128k other.m4a
    sound=$(stat -c %s other.m4a)
    encode -i film.mp4 -i other.m4a -map 0:v -map 1:a -c copy \
        -fflags +bitexact dubbed.mp4
    encode -i film.mp4 -map 0:v -c copy -fflags +bitexact pictures.avi
    expect_cheap dubbed.mp4 2 "$sound"
    expect_cheap pictures.avi 2
    expect_not_too_much
}

test_hevc() {
    film film.mp4 640x360 14 14 -pix_fmt yuv420p -c:v libx265 \
        -preset ultrafast -b:v 6M -tag:v hvc1 -x265-params \
        keyint=30:min-keyint=30:scenecut=0:pools=2:log-level=none:info=0 \
        -c:a aac -b:a 128k
    long_gop
    expect_not_too_much
}

# Wrappings of a film in which each picture stands alone.
intra() {
    expect_small_overhead film.mov
    copy film.mov -movflags +faststart faststart.mov
    copy film.mov -metadata title=Take7 titled.mov
    copy film.mov -timecode 10:00:00:00 timecode.mov
    copy film.mov remux.mkv
    encode -r 30 -i film.mov -map 0 -c copy -fflags +bitexact -f mxf remux.mxf
    encode -i film.mov -map 0:v -c copy -fflags +bitexact silent.mov
    copy film.mov -t 3 head.mov
    encode -ss 2 -i film.mov -map 0 -c copy -fflags +bitexact tail.mov
    for file in faststart.mov titled.mov timecode.mov remux.mkv silent.mov; do
        expect_cheap $file 2
    done
    expect_cheap remux.mxf 10
    expect_cheap head.mov 10 $CHUNK
    expect_cheap tail.mov 10 $CHUNK
    expect_not_too_much
}

test_prores() {
    film film.mov 640x360 6 8 -pix_fmt yuv422p10le -c:v prores_aw -profile:v 3 \
        -vendor apl0 -threads 2 -c:a pcm_s16le
    intra
}

test_dnxhr() {
    film film.mov 640x360 6 8 -pix_fmt yuv422p -c:v dnxhd \
        -profile:v dnxhr_hq -threads 2 -c:a pcm_s16le
    intra
}

test_pcm() {
    encode -f lavfi -i anoisesrc=r=48000:d=40:seed=7 -ac 2 -c:a pcm_s24le \
        -fflags +bitexact sound.wav
    expect_small_overhead sound.wav
    copy sound.wav -c:a pcm_s24be sound.aiff
    copy sound.wav -rf64 always sound-64.wav
    copy sound.wav -t 20 head.wav
    for file in sound.aiff sound-64.wav head.wav; do
        expect_cheap $file 2
    done
    expect_not_too_much
}

run_tests
