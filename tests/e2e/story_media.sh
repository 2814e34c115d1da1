#!/bin/sh
# Real media, whole and damaged, goes in and comes back byte for byte; an edit
# of it costs little. DITS_CORPUS names a folder of such files.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    [ -d "${DITS_CORPUS:-/nonexistent}" ] || skip "no DITS_CORPUS"
    dits init -q repo
    cd repo
    find "$DITS_CORPUS" -type f -size -20M ! -path '*/.*' | LC_ALL=C sort |
        head -n 1500 >../files
    cp_all <../files
}

# Under names of their own: two folders of the corpus may have the same ones.
cp_all() {
    count=0
    while IFS= read -r file; do
        count=$((count + 1))
        mkdir -p "$((count % 37))"
        cp "$file" "$((count % 37))/$count-${file##*/}"
    done
    chmod -R u+w .
}

sums() {
    find . -name .dits -prune -o -type f -exec sha256sum {} + | LC_ALL=C sort
}

test_every_file_comes_back() {
    sums >../before
    dits add -A
    dits commit -qm media
    find . -mindepth 1 -maxdepth 1 ! -name .dits -exec rm -rf {} +
    dits restore .
    sums >../after
    expect_same ../before ../after
    dits fsck --full >../fsck
    dits status --porcelain >../state
    expect_empty ../state
}

test_what_cat_prints_is_the_file() {
    dits add -A
    dits commit -qm media
    find . -name .dits -prune -o -type f -size -2M -print |
        LC_ALL=C sort | head -n 60 >../some
    while IFS= read -r file; do
        dits cat "$file" >../out
        expect_same "$file" ../out
    done <../some
}

test_a_changed_byte_costs_little() {
    dits add -A
    dits commit -qm media
    large=$(find . -name .dits -prune -o -type f -printf '%s %p\n' |
        sort -rn | head -n 1 | cut -d' ' -f2-)
    patch_byte "$large" 100000
    dits add --json "$large" | tail -n 1 >../out
    new=$(sed 's/.*"new_bytes": \([0-9]*\).*/\1/' ../out)
    [ "$new" -lt 2500000 ] || fail "$new bytes of '$large' are new"
}

run_tests
