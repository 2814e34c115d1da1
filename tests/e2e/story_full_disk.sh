#!/bin/sh
# A disk that fills up: nothing is damaged, reading goes on, room helps. (OPS-M2)
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# on_small_disk: a repository on a disk of 32 MB, as `disk/repo`.
on_small_disk() {
    mkdir disk
    mount -t tmpfs -o size=32m tmpfs disk
    cd disk
    dits init -q repo
    cd repo
    make_bytes clip.mov 8000000 1
    dits add .
    dits commit -qm one
    cp clip.mov ../../clip.mov
}

# leave_room BYTES: fill the disk but for so much.
leave_room() {
    free=$(($(stat -f -c '%a * %S' .)))
    head -c $((free - $1)) /dev/zero >../filler
}

# out_of_room COMMAND...: what it says needs room as well, and goes elsewhere.
out_of_room() {
    status=0
    "$@" 2>../../said || status=$?
    expect_equal 1 "$status"
    expect_match 'No space left on device|disk is full' ../../said
}

expect_all_is_well() {
    dits fsck --full -q
    dits cat clip.mov >../../seen
    expect_same ../../clip.mov ../../seen
    expect_equal "$1" "$(dits log --format=%s | tr '\n' ' ')"
    expect_equal "" "$(find .dits/tmp -type f)"
}

full_in_the_middle() {
    on_small_disk
    dits config add.minFree 0
    make_bytes more.mov 6000000 2
    for room in 5000000 2500000 300000 40000 4096 0; do
        rm -f ../filler
        leave_room $room
        out_of_room dits add more.mov
        expect_all_is_well "one "
        dits status >../../out
        expect_match 'more.mov' ../../out
    done
    rm -f ../filler
    dits add more.mov
    leave_room 0
    out_of_room dits commit -qm two
    rm ../filler
    dits commit -qm two
    expect_all_is_well "two one "
}

ingest_stops_before() {
    on_small_disk
    leave_room 1300000 # four of a hundred
    echo small >small
    expect_failure 1 dits add small
    expect_match 'only [0-9.]+% of the disk is free' stderr
    echo other >clip.mov
    dits commit -q --allow-empty -m two
    dits undo -q
    dits log >../../out
    dits gc -q --prune=now
    rm clip.mov
    dits restore clip.mov
    expect_all_is_well "one "
    rm ../filler
    dits add small
}

# apart FUNCTION: with mounts of its own, which end with it.
apart() {
    unshare -Urm true 2>unshare.said || skip "no mounts of one's own here"
    unshare -Urm --propagation private env FUNCTION="$1" sh "$test_file"
}

test_full_in_the_middle() { apart full_in_the_middle; }

test_ingest_stops_before() { apart ingest_stops_before; }

if [ -n "${FUNCTION:-}" ]; then
    set -eu
    mkdir "$scratch/$FUNCTION"
    cd "$scratch/$FUNCTION"
    "$FUNCTION"
    cd /
    umount "$scratch/$FUNCTION/disk"
    exit 0
fi
run_tests
