#!/bin/sh
# Real media, whole and damaged, goes in and comes back byte for byte; an edit
# of it costs little. DITS_CORPUS names a folder of such files.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    [ -d "${DITS_CORPUS:-/nonexistent}" ] || skip "no DITS_CORPUS"
    dits init -q repo
    cd repo
    find "$DITS_CORPUS" -type f ! -path '*/.*' ! -path '*.oracle/*' |
        LC_ALL=C sort >../files
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

# What the last line of `dits add --json` says of NAME.
summed() {
    tail -n 1 ../added | sed "s/.*\"$1\": \([0-9]*\).*/\1/"
}

test_every_file_comes_back_elsewhere() {
    sums >../before
    dits add -A
    dits commit -qm media
    mkdir ../elsewhere
    cp -r .dits ../elsewhere
    cd ../elsewhere
    dits restore .
    sums >../after
    expect_same ../before ../after
    dits fsck --full >../fsck
    dits status --porcelain >../state
    expect_empty ../state
}

test_second_names_store_nothing() {
    dits add -A
    mkdir ../again
    cp -r [0-9]* ../again
    mv ../again again
    dits add -A --json >../added
    [ "$(summed files_added)" -ge 100 ] || fail "no files were added"
    expect_equal 0 "$(summed new_bytes)"
    expect_equal 0 "$(summed stored_bytes)"
}

# Each small file cut off at four places, the same ones each time.
cut_off() {
    python3 - <<'END'
import pathlib, random, sys
for path in sorted(pathlib.Path(".").rglob("*")):
    if ".dits" in path.parts or not path.is_file():
        continue
    data = path.read_bytes()
    path.unlink()
    places = random.Random(len(data))
    for i in range(4 if 1 < len(data) <= 400000 else 0):
        size = places.randrange(1, len(data))
        path.with_name(f"{i}-{path.name}").write_bytes(data[:size])
END
}

test_what_is_cut_off_comes_back() {
    cut_off
    sums >../before
    [ "$(wc -l <../before)" -ge 400 ] || fail "there is little to try"
    dits add -A
    dits commit -qm "cut off"
    find . -mindepth 1 -maxdepth 1 ! -name .dits -exec rm -rf {} +
    dits restore .
    sums >../after
    expect_same ../before ../after
    dits fsck --full >../fsck
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
