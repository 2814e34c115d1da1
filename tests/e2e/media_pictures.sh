#!/bin/sh
# dits media --thumbnail, --contact-sheet, --waveform: what they show, what they
# refuse, and that no file and no decoder can do harm. ffmpeg is the oracle.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# How ffmpeg scales where nothing is left to chance.
flags=bicubic+accurate_rnd+full_chroma_int

setup() {
    command -v ffmpeg >/dev/null || skip "no ffmpeg"
    [ -x "$DITS_DECODER" ] || skip "built without the decoder"
}

quietly() {
    ffmpeg -nostdin -v error -y "$@"
}

# clip FILE OPTION...: four seconds that change, with far and few keyframes.
clip() {
    file=$1
    shift
    quietly -f lavfi -i "testsrc2=s=320x180:r=25:d=4" -c:v mpeg4 -q:v 2 -g 60 \
        -bf 2 "$@" "$file"
}

# same_picture LIMIT PNG FFMPEG-ARGUMENT...: the mean difference of a channel is
# at most LIMIT from what ffmpeg makes of its arguments.
same_picture() {
    limit=$1 png=$2
    shift 2
    quietly -i "$png" -f rawvideo -pix_fmt rgb24 seen.rgb
    quietly "$@" -frames:v 1 -f rawvideo -pix_fmt rgb24 \
        -sws_flags "$flags" wanted.rgb
    python3 - "$limit" <<'END'
import sys
seen, wanted = open("seen.rgb", "rb").read(), open("wanted.rgb", "rb").read()
assert len(seen) == len(wanted) > 0, (len(seen), len(wanted))
off = sum(abs(a - b) for a, b in zip(seen, wanted)) / len(seen)
assert off <= float(sys.argv[1]), f"differs by {off}"
END
}

# size_of PNG: "320x180", from a file that a strict reader takes.
size_of() {
    python3 - "$1" <<'END'
import struct, sys, zlib
data, rows, at = open(sys.argv[1], "rb").read(), b"", 8
assert data[:8] == b"\x89PNG\r\n\x1a\n"
while at < len(data):
    size, kind = struct.unpack(">I4s", data[at:at + 8])
    body = data[at + 8:at + 8 + size]
    crc, = struct.unpack(">I", data[at + 8 + size:at + 12 + size])
    assert zlib.crc32(kind + body) == crc
    if kind == b"IHDR":
        width, height = struct.unpack(">II", body[:8])
    if kind == b"IDAT":
        rows += body
    at += 12 + size
assert kind == b"IEND" and len(zlib.decompress(rows)) == height * (width * 3 + 1)
print(f"{width}x{height}")
END
}

test_a_thumbnail_is_the_picture_at_that_time() {
    clip a.mp4
    for frame in 0 1 37 61 99; do
        time=$(awk "BEGIN { print $frame / 25 }")
        dits media --thumbnail "$time" -o out.png a.mp4 >printed
        expect_empty printed
        same_picture 1.5 out.png -i a.mp4 -vf "select=eq(n\,$frame)"
    done
    # Until the next one begins, it is still this one.
    dits media --thumbnail 1.519 -o between.png a.mp4
    same_picture 1.5 between.png -i a.mp4 -vf "select=eq(n\,37)"
}

test_it_is_the_same_in_every_container() {
    clip a.mp4
    for to in mov mkv ts avi mxf 264; do
        case $to in
        mxf | ts) quietly -i a.mp4 -c:v mpeg2video -q:v 2 -bf 2 "a.$to" ;;
        264) quietly -i a.mp4 -c:v libx264 -g 30 -bf 2 "a.$to" ;;
        avi) clip "a.$to" -bf 0 ;;
        *) quietly -i a.mp4 -c copy "a.$to" ;;
        esac
        dits media --thumbnail 1.48 -o out.png "a.$to"
        same_picture 1.5 out.png -i "a.$to" -vf "select=eq(n\,37)"
    done
}

test_more_than_eight_bits_and_other_matrices() {
    quietly -f lavfi -i "testsrc2=s=1280x720:r=25:d=1" -vf \
        "scale=out_color_matrix=bt709:flags=accurate_rnd,format=yuv422p10" \
        -c:v prores_aw -color_primaries bt709 -color_trc bt709 \
        -colorspace bt709 -threads 1 a.mov
    dits media --thumbnail 0.48 --size 640x640 -o out.png a.mov
    expect_equal 640x360 "$(size_of out.png)"
    same_picture 1.5 out.png -i a.mov -vf \
        "select=eq(n\,12),scale=640:360:in_color_matrix=bt709:flags=$flags"
}

test_a_stored_version_needs_no_checkout() {
    dits init -q repo
    cd repo
    clip a.mp4
    dits media --thumbnail 2 -o ../from_disk.png a.mp4
    dits add a.mp4
    dits commit -qm "first cut"
    quietly -f lavfi -i "testsrc=s=320x180:r=25:d=1" -c:v mpeg4 a.mp4
    dits commit -aqm "another clip"
    rm a.mp4
    dits media --thumbnail 2 -o ../stored.png a.mp4@HEAD~1
    expect_same ../from_disk.png ../stored.png
    expect_no_file a.mp4
}

test_times_are_written_in_many_ways() {
    clip a.mov -timecode 01:00:00:00
    dits media --thumbnail 1.4 -o wanted.png a.mov
    for time in 00:00:01.400 0:01.4 01:00:01:10 35%; do
        dits media --thumbnail "$time" -o out.png a.mov
        expect_same wanted.png out.png
    done
    expect_failure 1 dits media --thumbnail 00:59:59:24 -o no.png a.mov
    expect_match 'its timecode starts at 01:00:00:00$' stderr
    expect_failure 1 dits media --thumbnail soon -o no.png a.mov
    expect_match "'soon' is no time" stderr
    expect_failure 1 dits media --thumbnail 4.5 -o no.png a.mov
    expect_match 'it ends before that, at 01:00:04:00$' stderr
    expect_no_file no.png
}

# turn FROM TO A B C D: the matrix of each track header, in whole numbers.
turn() {
    python3 - "$@" <<'END'
import struct, sys
data = bytearray(open(sys.argv[1], "rb").read())
at = data.find(b"tkhd") + 4 + 40
a, b, c, d = (int(value) * 65536 for value in sys.argv[3:])
data[at:at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
open(sys.argv[2], "wb").write(data)
END
}

test_pictures_are_upright_in_all_eight_orientations() {
    clip a.mp4
    for matrix in "1 0 0 1" "0 1 -1 0" "-1 0 0 -1" "0 -1 1 0" "-1 0 0 1" \
        "1 0 0 -1" "0 1 1 0" "0 -1 -1 0"; do
        # shellcheck disable=SC2086 # four numbers
        turn a.mp4 turned.mp4 $matrix
        dits media --thumbnail 1 -o out.png turned.mp4
        case $matrix in
        0*) expect_equal 180x320 "$(size_of out.png)" ;;
        *) expect_equal 320x180 "$(size_of out.png)" ;;
        esac
        same_picture 1.5 out.png -i turned.mp4 -vf "select=eq(n\,25)"
    done
}

test_pixels_become_square() {
    clip a.mp4 -vf setsar=2
    dits media --thumbnail 1 -o out.png a.mp4
    expect_equal 640x180 "$(size_of out.png)"
    dits media --thumbnail 1 --size 100x100 -o out.png a.mp4
    expect_equal 100x28 "$(size_of out.png)"
}

test_without_a_file_it_goes_to_standard_output() {
    python3 -c 'import os; os.openpty()' 2>/dev/null || skip "no terminal"
    clip a.mp4
    dits media --thumbnail 1 -o file.png a.mp4
    dits media --thumbnail 1 a.mp4 >printed.png
    expect_same file.png printed.png
    cat >terminal.py <<'END'
import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status))
END
    export DITS_PAGER=cat
    expect_failure 2 python3 terminal.py dits media --thumbnail 1 a.mp4 >out
    expect_match 'a picture is not written to a terminal' out
    expect_match "hint: Give a file with '--output FILE'" out
}

test_json_tells_of_the_picture() {
    clip a.mp4
    dits media --json --thumbnail 1.41 -o out.png a.mp4 >out
    expect_content '{"file": "a.mp4", "output": "out.png", "width": 320, "height": 180, "time": "7/5"}' out
    expect_failure 2 dits media --json --thumbnail 1 a.mp4
}

test_a_contact_sheet_has_its_rows() {
    clip a.mp4
    dits media --contact-sheet -o out.png a.mp4
    expect_equal $((4 + 4 * 324))x$((4 + 4 * 184)) "$(size_of out.png)"
    dits media --contact-sheet=3x2 --size 160x90 -o out.png a.mp4
    expect_equal $((4 + 3 * 164))x$((4 + 2 * 94)) "$(size_of out.png)"
    # The fourth of six is in the middle of its sixth: frame 58 of 100.
    quietly -i out.png -vf crop=160:70:4:98 cell.png
    same_picture 2 cell.png -i a.mp4 -vf \
        "select=eq(n\,58),scale=160:90:flags=$flags,crop=160:70:0:0"
    for cells in 0x3 4 4x 21x20 axb; do
        status=0
        dits media "--contact-sheet=$cells" a.mp4 >no.png 2>stderr || status=$?
        [ "$status" -ne 0 ] || fail "$cells is taken"
        expect_empty no.png
    done
}

test_a_waveform_has_the_right_levels() {
    quietly -f lavfi -i "aevalsrc=0.5*sin(2*PI*440*t)|0:s=48000:d=2" \
        -c:a pcm_s16le a.wav
    dits media --waveform --json --size 100x50 a.wav >out
    python3 - out <<'END'
import json, sys
wave = json.load(open(sys.argv[1]))
assert wave["levels"] == 100 and wave["sample_rate"] == 48000
assert wave["samples"] == 96000 and wave["duration"] == "2/1", wave
left, right = wave["channels"]
for i in range(100):
    assert abs(left["max"][i] - 0.5) < 0.001 > abs(left["min"][i] + 0.5)
    assert abs(left["rms"][i] - 0.5 ** 1.5) < 0.01
assert set(right["min"] + right["max"] + right["rms"]) == {0}
END
    dits media --waveform -o out.png a.wav
    expect_equal 1280x240 "$(size_of out.png)"
    quietly -i out.png -f rawvideo -pix_fmt gray out.gray
    python3 - <<'END'
gray = open("out.gray", "rb").read()
lit = [y for y in range(240) if max(gray[y * 1280:][600:680]) > 60]
# Half of full scale in the upper lane of 118 rows, a line in the lower one.
assert 28 <= lit[0] <= 31 and [y for y in lit if y < 120][-1] in (87, 88, 89), lit
assert len([y for y in lit if y >= 120]) == 1, lit
END
}

test_a_waveform_follows_the_sound() {
    quietly -f lavfi -i "aevalsrc=if(lt(t\,1)\,0\,0.25):s=44100:d=2" \
        -c:a pcm_s24le a.mov
    dits media --waveform --json --size 10x9 a.mov >out
    python3 - out <<'END'
import json, sys
channel, = json.load(open(sys.argv[1]))["channels"]
assert channel["max"] == [0] * 5 + [0.25] * 5, channel
assert all(abs(rms - 0.25) < 0.001 for rms in channel["rms"][5:]), channel
END
}

test_floats_may_be_louder_than_full_scale() {
    quietly -f lavfi -i "aevalsrc=1.5*sin(2*PI*440*t):s=48000:d=1" \
        -c:a pcm_f32le a.wav
    dits media --waveform --json --size 4x4 a.wav >out
    expect_match '"max": \[1.5' out
}

test_a_track_can_be_chosen() {
    quietly -f lavfi -i "testsrc2=s=320x180:r=25:d=1" -f lavfi \
        -i "testsrc=s=160x90:r=25:d=1" -f lavfi -i "anullsrc=d=1" -map 0 -map 1 \
        -map 2 -c:v mpeg4 -c:a aac a.mp4
    dits media --track 2 --thumbnail 0 -o out.png a.mp4
    expect_equal 160x90 "$(size_of out.png)"
    dits media --thumbnail 0 -o out.png a.mp4
    expect_equal 320x180 "$(size_of out.png)"
    expect_failure 1 dits media --track 3 --thumbnail 0 -o out.png a.mp4
    expect_match 'track 3 has no pictures' stderr
    expect_failure 1 dits media --track 1 --waveform -o out.png a.mp4
    expect_match 'track 1 has no sound' stderr
}

test_usage() {
    clip a.mp4
    expect_failure 2 dits media --thumbnail 1 --waveform a.mp4
    expect_match 'exclude each other' stderr
    expect_failure 2 dits media --thumbnail 1 a.mp4 a.mp4
    expect_failure 2 dits media --size 4x4 a.mp4
    expect_failure 2 dits media --thumbnail 1 --size 4 a.mp4
    expect_failure 1 dits media --waveform -o out.png a.mp4
    expect_match 'it has no sound' stderr
}

test_no_other_program_knows_a_codec() {
    ldd "$DITS_BUILD/dits" >libraries
    expect_no_match 'libav|libsw' libraries
    ldd "$DITS_DECODER" >libraries
    expect_match 'libavcodec' libraries
}

# A decoder that is a script: what it does is told, and nothing hangs.
test_a_decoder_that_misbehaves_is_told() {
    clip a.mp4
    cat >decoder <<'END'
#!/bin/sh
. ./does
END
    chmod +x decoder
    DITS_DECODER=$PWD/decoder
    for line in "exit 0:gave no answer" "kill -SEGV \$\$:the decoder crashed" \
        "kill -SYS \$\$:its sandbox forbids" \
        "head -c 99 /dev/zero >&0; kill -STOP \$\$:no message that is known"; do
        echo "dd bs=1 count=69 status=none >taken; ${line%:*}" >does
        expect_failure 1 dits media --thumbnail 1 -o no.png a.mp4
        expect_match "${line##*:}" stderr
    done
    expect_no_file no.png
}

test_without_a_decoder_there_is_a_hint() {
    clip a.mp4
    DITS_DECODER=$PWD/nowhere
    expect_failure 1 dits media --thumbnail 1 -o no.png a.mp4
    expect_match "there is no decoder for pictures and sound at '.*nowhere'" stderr
    expect_match 'hint: Dits was built or installed without' stderr
    dits media a.mp4 >out
    expect_match 'mpeg4' out
}

# shorten FILE BYTES, and damage FILE SEED: some bytes past the first 40.
damage() {
    python3 - "$@" <<'END'
import random, sys
stream = random.Random(int(sys.argv[2]))
data = bytearray(open(sys.argv[1], "rb").read())
for _ in range(40):
    data[stream.randrange(40, len(data))] = stream.randrange(256)
open("damaged", "wb").write(data[:stream.randrange(len(data) // 2, len(data))])
END
}

# ends COMMAND...: with a picture, or with a reason; in time, and not by a crash.
ends() {
    status=0
    timeout 100 "$@" >out.png 2>stderr || status=$?
    case $status in
    0) [ -s out.png ] ;;
    1)
        expect_match "^dits: (cannot show|'.*' is of no media format)" stderr
        expect_no_match 'the decoder (crashed|did what)' stderr
        ;;
    *) fail "status $status for $*" ;;
    esac
}

test_damaged_files_end_well() {
    clip a.mp4
    quietly -i a.mp4 -c copy a.ts
    for seed in 1 2 3 4 5 6; do
        for file in a.mp4 a.ts; do
            damage "$file" "$seed"
            ends dits media --thumbnail 1 damaged
            ends dits media --contact-sheet=2x2 damaged
        done
    done
}

test_damaged_files_of_the_corpus_end_well() {
    [ -n "${DITS_CORPUS:-}" ] || skip "no DITS_CORPUS"
    for file in "$DITS_CORPUS"/generated/damaged/*.m[op][v4]; do
        ends dits media --contact-sheet=2x1 "$file"
        ends dits media --waveform "$file"
    done
}

# bomb FILE SIDE: a TIFF of SIDE by SIDE pixels in a few bytes.
bomb() {
    python3 - "$@" <<'END'
import struct, sys
side, data = int(sys.argv[2]), b"\x80\x00" * 400
entries = [(256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 32773),
           (262, 3, 1), (273, 4, 8 + 2 + 9 * 12 + 4), (277, 3, 1),
           (278, 4, side), (279, 4, len(data))]
ifd = struct.pack("<H", len(entries)) + b"".join(
    struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
open(sys.argv[1], "wb").write(b"II*\0\x08\0\0\0" + ifd + b"\0\0\0\0" + data)
END
}

test_a_picture_that_is_too_large_is_refused() {
    bomb small.tiff 200
    dits media --thumbnail 0 -o out.png small.tiff
    expect_equal 200x200 "$(size_of out.png)"
    bomb huge.tiff 65535
    expect_failure 1 dits media --thumbnail 0 -o no.png huge.tiff
    expect_match '^  because ' stderr
    expect_no_match 'the decoder (crashed|did what)' stderr
    expect_no_file no.png
}

run_tests
