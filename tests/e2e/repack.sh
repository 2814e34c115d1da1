#!/bin/sh
# dits repack: many packs become few, and nothing is lost.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    for number in 1 2 3; do
        make_bytes "clip $number.mov" 900000 "$number"
        dits add .
        dits commit -qm "clip $number"
    done
}

count_packs() {
    find .dits/packs -name '*.pack' | wc -l
}

test_few_packs() {
    dits repack -n >../out
    expect_match '^would write anew 9 packs \([0-9.]+ MB\)$' ../out
    expect_equal 9 "$(count_packs)"
    dits repack >../out
    expect_match '^packs: 9 \(.*\) -> 1 \(.*\)$' ../out
    expect_equal 1 "$(count_packs)"
    dits fsck --full >../out
    expect_match 'nothing is damaged' ../out
    dits repack -q >../out
    expect_empty ../out
    dits repack >../out
    expect_content 'wrote anew 0 packs (0 bytes)' ../out
}

test_packs_of_a_size() {
    dits repack
    dits repack --all --max-pack-size=1m >../out
    [ "$(count_packs)" -ge 3 ] || fail "too few packs"
    dits fsck --full -q
    dits cat 'clip 2.mov' >../clip.mov
    expect_same 'clip 2.mov' ../clip.mov
    dits repack -a
    expect_equal 1 "$(count_packs)"
}

test_a_damaged_pack() {
    pack=$(find .dits/packs -name '*.pack' -size +800k | head -n 1)
    patch_byte "$pack" 400000
    expect_failure 1 dits repack
    expect_file "$pack"
    expect_match 'is damaged' stderr
}

test_json() {
    dits repack --json >../out
    expect_each_line '^\{"packs_before": 9, "packs_after": 1, "bytes_before": [0-9]+, "bytes_after": [0-9]+, "merged": 9, "merged_bytes": [0-9]+, "damaged": 0\}$' ../out
}

test_what_makes_no_sense() {
    expect_failure 2 dits repack --max-pack-size=tiny
    expect_failure 2 dits repack --max-pack-size=10k
    expect_failure 2 dits repack all
}

run_tests
