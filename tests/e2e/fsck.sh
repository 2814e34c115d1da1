#!/bin/sh
# dits fsck: whole, damaged, repaired.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    make_bytes clip.mov 3000000
    dits add .
    dits commit -qm one
}

damage() {
    pack=$(find .dits/packs -name '*.pack' -size +100k | head -n 1)
    chmod u+w "$pack"
    patch_byte "$pack" 1500000
}

test_a_whole_repository() {
    dits fsck >../out
    expect_match '^checked 1 commit, 1 file, [0-9]+ chunks' ../out
    expect_last_line 'nothing is damaged' ../out
    dits fsck --full >../out
    expect_match 'every one of [0-9.]+ MB' ../out
    dits fsck -q >../out
    expect_empty ../out
}

test_damage_is_named() {
    damage
    expect_failure 1 dits fsck --full >../out
    expect_match '^damage: ' ../out
    expect_match 'clip.mov' ../out
    expect_last_line '[0-9]+ damaged, 0 repaired' ../out
}

test_what_the_work_tree_has_is_repaired() {
    damage
    dits fsck --full --repair >../out
    expect_match '^repaired: ' ../out
    dits fsck --full >../out
    dits cat clip.mov >../clip.mov
    expect_same clip.mov ../clip.mov
}

test_a_damaged_database_is_made_anew() {
    dits branch side
    echo damage >.dits/meta.db
    rm .dits/meta.db-wal
    expect_failure 1 dits branch
    expect_match 'dits fsck --repair' stderr
    rm stderr
    dits fsck --repair >../out
    expect_match "^repaired: 'side' leads to " ../out
    expect_match '^repaired: meta.db was damaged' ../out
    dits branch >../out
    expect_match '^\* main' ../out
    dits status -s >../out
    expect_empty ../out
    dits fsck >../out
    expect_match '^nothing is damaged' ../out
}

test_json() {
    dits fsck --json >../out
    expect_last_line '\{"level": "result", "commits": 1, "files": 1, .*"damaged": 0, .*\}' ../out
    damage
    expect_failure 1 dits fsck --json --full >../out
    expect_match '^\{"level": "damage", "what": ".*", "object": .*"path": "clip.mov"' ../out
}

test_usage() {
    expect_failure 2 dits fsck everything
}

run_tests
