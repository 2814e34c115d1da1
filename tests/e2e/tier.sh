#!/bin/sh
# dits tier: packs on several disks.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    make_bytes a.mov 900000 1
    make_bytes b.mov 700000 2
    echo text >n.txt
    dits add .
    dits commit -qm first
    dits tier add cold ../cold
    dits config tier.cold.minSize 100k
    dits config tier.lease 0
}

# expect_refused STATUS COMMAND...: standard error goes to ../err.
expect_refused() {
    expect_failure "$@"
    mv stderr ../err
}

# tier_packs FOLDER: how many packs are in it.
tier_packs() {
    find "$1" -maxdepth 1 -name '[0-9a-f]*.pack' | wc -l
}

big_pack() {
    find .dits/packs -name '*.pack' -size +100k -exec basename {} .pack \;
}

expect_whole() {
    dits fsck --full >../out
    expect_match 'nothing is damaged' ../out
    dits cat HEAD:a.mov | cmp - a.mov
    dits cat HEAD:b.mov | cmp - b.mov
}

expect_offline() {
    expect_refused 1 dits cat HEAD:a.mov >../out
    expect_match "tier 'cold' is offline" ../err
    expect_match 'hint: ' ../err
}

# Away with the disk: all works but reading what is on it, and nothing is lost.
expect_all_but_content() {
    before=$(find .dits/packs -name '*.idx' | wc -l)
    expect_offline
    dits status -s >../out
    expect_empty ../out
    dits log --oneline >../out
    expect_lines 1 ../out
    dits ls -r HEAD >../out
    dits fsck --full >../out
    expect_match 'were not checked' ../out
    expect_match 'nothing is damaged' ../out
    dits fsck --repair >../out
    dits verify >../out
    expect_match '1 pack offline' ../out
    dits gc --prune=now >../out
    dits prune >../out
    dits repack --all >../out
    dits stats >../out
    expect_match 'packs in tiers' ../out
    dits tier status >../out 2>../err
    expect_match '^cold .*offline' ../out
    dits tier run >../out
    expect_equal "$before" "$(find .dits/packs -name '*.idx' | wc -l)"
}

test_moving_there_and_back() {
    dits tier move cold "$(big_pack)" >../out
    expect_match 'hot -> cold' ../out
    expect_match '^moved 1 pack' ../out
    expect_equal 1 "$(tier_packs ../cold)"
    expect_equal "" "$(big_pack)"
    expect_whole
    dits verify >../out
    expect_match 'nothing is damaged' ../out
    rm a.mov
    dits restore a.mov
    dits tier recall >../out
    expect_match 'cold -> hot' ../out
    expect_equal 0 "$(tier_packs ../cold)"
    expect_whole
}

test_a_lease_keeps_the_old_copy() {
    dits config tier.lease 900
    pack=$(big_pack)
    dits tier move cold "$pack" >../out
    [ -f ".dits/packs/$pack.pack" ] || fail "it is gone at once"
    dits tier status --json >../out
    expect_match '"name": "hot".*"leaving_packs": 1,' ../out
    expect_match '"name": "cold".*"packs": 1,' ../out
    expect_whole
    dits tier run -q
    [ -f ".dits/packs/$pack.pack" ] || fail "it is gone within its time"
    dits config tier.lease 0
    dits tier run >../out
    expect_match 'deleted 1 old copy' ../out
    [ ! -f ".dits/packs/$pack.pack" ] || fail "it is there still"
    expect_whole
}

test_policies() {
    dits config tier.cold.age '90 days'
    dits tier run >../out
    expect_match '^moved 0' ../out
    touch -d '100 days ago' .dits/packs/*.pack
    dits tier run -n >../out
    expect_match '^would move 1 pack' ../out
    dits tier status --json >../out
    expect_match '"name": "cold".*"due_packs": 1,' ../out
    dits tier list --packs >../out
    expect_match 'hot .* cold$' ../out
    expect_equal 0 "$(tier_packs ../cold)"
    dits tier run --limit-rate=100m >../out
    expect_match '^moved 1 pack' ../out
    dits tier recall a.mov -q
    dits fsck --full >../out # which is nobody's interest in the content
    dits tier run >../out
    expect_match '^moved 1 pack' ../out # never read
    dits cat HEAD:a.mov >../copy
    dits tier recall a.mov -q
    dits tier run >../out
    expect_match '^moved 0 packs' ../out # read today
    expect_whole
}

test_the_far_tier_is_chosen_and_small_packs_stay() {
    dits tier add warm ../warm
    dits config tier.cold.order 2
    dits config tier.warm.order 1
    dits config tier.warm.minSize 100k
    dits config tier.warm.age now
    dits config tier.warm.unused now
    dits tier run -q
    expect_equal 1 "$(tier_packs ../warm)"
    dits config tier.cold.age now
    dits config tier.cold.unused now
    dits tier run >../out
    expect_match 'warm -> cold' ../out
    expect_equal 0 "$(tier_packs ../warm)"
    expect_equal 1 "$(tier_packs ../cold)"
    expect_whole
}

test_a_gc_in_the_background_moves_packs() {
    dits config tier.cold.age now
    dits config tier.cold.unused now
    dits gc --tiers >../out
    expect_equal 1 "$(tier_packs ../cold)"
    expect_refused 2 dits gc --tiers --dry-run
    expect_whole
}

test_reading_brings_packs_back() {
    dits config tier.cold.recall true
    dits tier move cold --all -q
    dits log --oneline >../out
    dits fsck --full >../out
    expect_equal 1 "$(tier_packs ../cold)"
    dits cat HEAD:a.mov | cmp - a.mov
    dits tier run -q
    expect_equal 0 "$(tier_packs ../cold)"
    expect_whole
}

test_a_disk_that_is_away() {
    dits tier move cold --all -q
    mv ../cold ../away
    expect_all_but_content
    mkdir ../cold # the mount point, empty
    expect_all_but_content
    expect_refused 1 dits tier move cold --all
    expect_empty_folder ../cold
    mkdir ../other
    dits init -q ../second
    (cd ../second && dits tier add cold ../other)
    cp ../other/dits-tier ../cold/
    expect_offline
    expect_match 'another tier' ../err
    rm -r ../cold
    mv ../away ../cold
    expect_whole
    mv ../cold ../mounted
    dits config tier.cold.path "$(realpath ../mounted)"
    expect_whole
}

test_settings_that_are_gone() {
    dits tier move cold --all -q
    cp .dits/config ../config
    sed -i '/tier "cold"/,$d' .dits/config
    expect_offline
    dits gc --prune=now -q
    cp ../config .dits/config
    expect_whole
}

test_gc_removes_garbage_in_tiers() {
    dits tier move cold --all -q
    make_bytes c.mov 600000 3
    dits config ops.expire '1 day'
    DITS_DATE=2020-01-01 dits add c.mov
    dits tier move cold "$(big_pack)" -q
    DITS_DATE=2020-01-01 dits restore --staged c.mov
    rm c.mov
    dits tag newest
    expect_equal 2 "$(tier_packs ../cold)"
    mv ../cold ../away
    dits gc --prune=now >../out
    expect_match '1 pack with garbage in tiers that are offline' ../out
    mv ../away ../cold
    expect_equal 2 "$(tier_packs ../cold)"
    dits gc --prune=now >../out
    expect_equal 1 "$(tier_packs ../cold)"
    expect_whole
}

test_obliterated_content_leaves_tiers() {
    pack=$(big_pack)
    dits config tier.lease 900
    dits tier move cold --all -q
    mv ../cold ../away
    expect_refused 1 dits obliterate --yes a.mov
    expect_match 'offline' ../err
    mv ../away ../cold
    dits obliterate --continue -q
    [ ! -f "../cold/$pack.pack" ] || fail "it is in the tier still"
    [ ! -f ".dits/packs/$pack.pack" ] || fail "an old copy is left"
    dits cat HEAD:b.mov | cmp - b.mov
    expect_refused 1 dits cat HEAD:a.mov
    expect_match 'obliterated' ../err
}

test_damage_there_is_found_and_mended() {
    pack=$(big_pack)
    dits tier move cold --all -q
    patch_byte "../cold/$pack.pack" 400000
    expect_refused 1 dits fsck --full >../out
    expect_match 'damaged' ../out
    dits fsck --full --repair >../out
    expect_match 'whole again' ../out
    [ -f "../cold/damaged-$pack.pack" ] || fail "it was not kept"
    expect_whole
}

test_a_file_that_the_tier_has_lost() {
    pack=$(big_pack)
    dits tier move cold --all -q
    rm "../cold/$pack.pack"
    expect_refused 1 dits fsck >../out
    expect_match 'its file is gone' ../out
    expect_match 'a.mov' ../out
    dits fsck --repair >../out
    expect_whole
}

test_a_damaged_pack_is_not_moved() {
    pack=$(big_pack)
    patch_byte ".dits/packs/$pack.pack" 400000
    expect_refused 1 dits tier move cold "$pack" >../out
    expect_match 'damaged' ../err
    expect_equal 0 "$(tier_packs ../cold)"
    expect_equal 0 "$(find ../cold/tmp -type f | wc -l)"
    [ -f ".dits/packs/$pack.pack" ] || fail "it is gone"
}

test_a_lost_database() {
    dits tier move cold --all -q
    rm .dits/meta.db*
    dits fsck --repair >../out
    expect_match '1 packs were found in tiers' ../out
    expect_whole
    dits tier status --json >../out
    expect_match '"name": "cold".*"packs": 1,' ../out
}

test_a_lost_index_comes_from_the_tier() {
    dits tier move cold --all -q
    rm .dits/packs/*.idx
    expect_whole
    rm .dits/packs/*.idx
    mv ../cold ../away
    expect_offline
    mv ../away ../cold
    expect_whole
}

test_giving_a_tier_up() {
    dits tier move cold --all -q
    expect_refused 1 dits tier remove cold
    expect_match 'packs are in tier' ../err
    dits tier remove --recall cold -q
    dits tier list >../out
    expect_lines 1 ../out
    expect_whole
    dits tier add cold ../cold # the same folder again
    dits tier move cold --all -q
    expect_whole
}

test_bundles_and_clones_hold_what_is_in_tiers() {
    dits tier move cold --all -q
    dits export bundle -q ../all.bundle main
    dits init -q ../second
    cd ../second
    dits import bundle -q ../all.bundle
    dits cat main:a.mov | cmp - ../repo/a.mov
}

test_names_folders_and_usage() {
    expect_refused 1 dits tier add hot ../x
    expect_refused 1 dits tier add a.b ../x
    expect_refused 1 dits tier add cold ../x
    expect_match 'already' ../err
    expect_refused 1 dits tier add warm .
    expect_match 'not empty' ../err
    expect_refused 1 dits tier move lukewarm --all
    expect_match "no tier 'lukewarm'" ../err
    expect_refused 1 dits tier move cold 0123456
    expect_match "no pack '0123456'" ../err
    expect_refused 1 dits tier recall no.mov
    for wrong in "" "melt" "add cold" "move cold" "list x" "run --all" \
        "list --dry-run" "run --limit-rate=fast" "status --packs" \
        "add --recall x y"; do
        # shellcheck disable=SC2086
        expect_refused 2 dits tier $wrong
    done
    dits tier list --json >../out
    expect_lines 2 ../out
}

expect_empty_folder() {
    [ -z "$(ls -A "$1")" ] || fail "something was written to '$1'"
}

run_tests
