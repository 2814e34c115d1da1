#!/bin/sh
# dits diff: which states, in which form.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    printf 'one\ntwo\nthree\n' >a.txt
    make_bytes clip.mov 3000000
    dits add .
    dits commit -qm one
}

test_a_patch_that_git_can_apply() {
    git init -q ../git
    cp a.txt ../git/
    printf 'one\n2\nthree\nfour\n' >a.txt
    dits diff >../git/patch
    expect_match '^diff --git a/a.txt b/a.txt$' ../git/patch
    expect_match '^@@ -1,3 \+1,4 @@' ../git/patch
    (cd ../git && git apply patch)
    expect_same a.txt ../git/a.txt
}

test_which_states() {
    echo staged >a.txt
    dits add a.txt
    echo work >a.txt
    dits diff >../out
    expect_match '^-staged$' ../out
    expect_match '^\+work$' ../out
    dits diff --staged >../out
    expect_match '^\+staged$' ../out
    dits diff HEAD >../out
    expect_match '^-one$' ../out
    expect_match '^\+work$' ../out
    dits commit -qm two
    dits diff HEAD~1..HEAD >../out
    expect_match '^\+staged$' ../out
    dits diff HEAD HEAD~1 >../out
    expect_match '^-staged$' ../out
    dits diff --cached HEAD~1 >../out
    expect_match '^\+staged$' ../out
}

test_media_by_bytes_and_chunks() {
    patch_byte clip.mov 1500000
    dits diff >../out
    expect_match '^Binary files differ$' ../out
    expect_match '^  size: 3.0 MB -> 3.0 MB \(3,000,000 -> 3,000,000 bytes\)$' ../out
    expect_match '^  chunks: [12] new \(.*\), [0-9]+ shared' ../out
    expect_match '^  changed at byte 1,[0-9]+,[0-9]+: ' ../out
    dits diff --stat >../out
    expect_match '^ clip.mov \| Bin 3.0 MB -> 3.0 MB, [0-9.]+ KB new$' ../out
}

# Noise of SECONDS: 16-bit PCM, 48 kHz, one channel.
make_wav() { # NAME SECONDS
    make_bytes noise $(($2 * 96000))
    python3 - "$1" <<'END'
import sys, wave
with wave.open(sys.argv[1], "wb") as out:
    out.setparams((1, 2, 48000, 0, "NONE", ""))
    out.writeframes(open("noise", "rb").read())
END
    rm noise
}

# A sound on disk is not in parts yet, so its chunks are not those of the store.
test_chunks_of_clips_are_told_once_they_are_known() {
    make_wav a.wav 20
    dits add a.wav
    dits commit -qm sound
    make_wav b.wav 10
    mv b.wav a.wav
    dits diff --stat >../out
    expect_match '^ a.wav [|] Bin 1.9 MB -> 960.0 KB$' ../out
    dits diff >../out
    expect_no_match 'chunks:' ../out
    dits diff --json >../out
    expect_no_match 'new_bytes' ../out
    dits add a.wav
    dits diff --staged --stat >../out
    expect_match ' KB new$' ../out
    dits diff --staged >../out
    expect_match '^  chunks: [0-9]+ new .* shared' ../out
}

test_short_forms() {
    echo x >a.txt
    rm clip.mov
    dits diff --name-status >../out
    printf 'M\ta.txt\nD\tclip.mov\n' | diff - ../out
    dits diff --name-only -z | tr '\0' ';' >../out
    expect_equal 'a.txt;clip.mov;' "$(cat ../out)"
    dits diff --stat -p a.txt >../out
    expect_match '^ a.txt \| 4 \+---$' ../out
    expect_match '^ 1 file changed, 1 insertion\(\+\), 3 deletions\(-\)$' ../out
    expect_match '^\+x$' ../out
}

test_lines_of_context() {
    seq 30 >a.txt
    dits add a.txt
    sed -i 's/^15$/x/' a.txt
    dits diff -U1 >../out
    expect_match '^@@ -14,3 \+14,3 @@' ../out
    dits diff --unified=0 >../out
    expect_match '^@@ -15 \+15 @@' ../out
    expect_failure 2 dits diff -Ux
}

test_renames() {
    mv clip.mov take.mov
    dits add -A
    dits diff --staged --name-status >../out
    expect_match '^R100	clip.mov	take.mov$' ../out
    dits diff --staged >../out
    expect_match '^rename to take.mov$' ../out
    dits diff --staged --no-renames --name-status >../out
    expect_match '^D	clip.mov$' ../out
}

test_exit_codes() {
    dits diff --exit-code
    dits diff -q
    echo x >a.txt
    expect_failure 1 dits diff --exit-code >../out
    expect_failure 1 dits diff -q >../out
    expect_empty ../out
}

# The library that compares lines is loaded for that alone.
test_without_the_library_that_compares_lines() {
    mkdir ../broken
    for version in 1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 1.9; do
        : >../broken/libgit2.so.$version
    done
    LD_LIBRARY_PATH=$(realpath ../broken)
    export LD_LIBRARY_PATH
    echo x >a.txt
    dits status -s >../out
    expect_content ' M a.txt' ../out
    dits diff --name-status >../out
    expect_match '^M.a.txt$' ../out
    expect_failure 1 dits diff
    expect_match 'cannot compare by lines' stderr
    expect_match "cannot load 'libgit2.so" stderr
    expect_match 'hint: Install libgit2 1' stderr
}

test_paths() {
    echo x >a.txt
    patch_byte clip.mov 5
    dits diff --name-only -- clip.mov >../out
    expect_content clip.mov ../out
    dits diff --name-only a.txt >../out
    expect_content a.txt ../out
}

test_before_the_first_commit() {
    dits init -q ../fresh
    cd ../fresh
    echo x >x.txt
    dits add x.txt
    dits diff --staged >../out
    expect_match '^new file mode 100644$' ../out
    expect_match '^--- /dev/null$' ../out
}

test_json() {
    echo x >a.txt
    dits diff --json >../out
    expect_each_line '^\{"status": "M", "old_path": "a.txt", "new_path": "a.txt", "old_mode": "100644", .*"is_text": true, "lines_added": 1, "lines_deleted": 3, ' ../out
}

test_three_dots_start_where_the_sides_parted() {
    dits switch -qc side
    echo side >side.txt
    dits add side.txt
    dits commit -qm side
    dits switch -q main
    echo main >main.txt
    dits add main.txt
    dits commit -qm main
    expect_equal side.txt "$(dits diff --name-only main...side)"
    expect_equal main.txt "$(dits diff --name-only side...)"
    expect_equal main.txt "$(dits diff --name-only 'main^!')"
    dits merge -qm merged side
    expect_failure 1 dits diff 'main^!'
    expect_match "'main' is a merge" stderr
    expect_match "main\\^1\\.\\.main" stderr
}

test_what_makes_no_sense() {
    expect_failure 1 dits diff nope
    expect_failure 2 dits diff HEAD HEAD HEAD
    expect_failure 2 dits diff -z
}

test_a_renamed_file_may_be_changed_as_well() {
    seq 1 100 >script.txt
    make_bytes long.bin 3000000 7
    dits add .
    dits commit -qm before
    sed '5s/.*/five/' script.txt >scene.txt
    head -c 1200000 long.bin >short.bin
    dits rm -q script.txt long.bin
    dits add scene.txt short.bin
    dits status -s >../out
    expect_match '^R  script.txt -> scene.txt$' ../out
    expect_match '^R  long.bin -> short.bin$' ../out
    dits commit -qm after
    dits diff --name-status HEAD~1 HEAD >../out
    expect_match '^R09[0-9]	script.txt	scene.txt$' ../out
    expect_match '^R0[34][0-9]	long.bin	short.bin$' ../out
    dits diff HEAD~1 HEAD -- script.txt scene.txt >../out
    expect_match '^similarity index 9[0-9]%$' ../out
    expect_match '^\+five$' ../out
    dits diff --json HEAD~1 HEAD >../out
    expect_match '"similarity": 9' ../out
}

run_tests
