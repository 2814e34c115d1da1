#!/bin/sh
# dits fetch: what another repository has.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=far_and_near.sh
. "$(dirname "$0")/far_and_near.sh"

setup() {
    make_far_and_near
}

near_id() {
    dits log -1 --format=%H "$1"
}

test_branches_and_tags_come_and_undo_takes_them_back() {
    dits fetch 2>../err
    expect_match "^From $(address ../far)\$" ../err
    expect_match '^ \* \[new branch\] +main +-> origin/main$' ../err
    expect_match '^ \* \[new tag\] +v1 +-> v1$' ../err
    expect_equal "$(far_id main)" "$(near_id origin/main)"
    expect_equal "$(far_id side)" "$(near_id origin/side)"
    expect_equal v1 "$(dits tag)"
    dits fsck --full >../out
    expect_match 'nothing is damaged' ../out
    dits undo >../out
    dits branch -a >../out
    expect_empty ../out
    expect_equal "" "$(dits tag)"
    dits redo >../out
    expect_equal "$(far_id main)" "$(near_id origin/main)"
    dits fetch 2>../err
    expect_empty ../err
    dits reflog show refs/remotes/origin/main >../out
    expect_match 'fetch: from origin' ../out
}

test_only_what_is_new_travels() {
    dits fetch -q
    dits switch -qc main origin/main
    (
        cd ../far
        echo three >a
        dits commit -qam three
        dits tag light
    )
    dits --json fetch >../out
    expect_match '^\{"source": "refs/heads/main", "target": "refs/remotes/origin/main", .*"change": "forward"' ../out
    expect_match '"target": "refs/tags/light", .*"change": "new"' ../out
    dits status -sb >../out
    expect_equal '## main...origin/main [behind 1]' "$(cat ../out)"
    (
        cd ../far
        echo four >a
        dits commit -qam four
    )
    dits fetch 2>../err
    expect_match '^received [0-9]+ bytes in 4 chunks$' ../err
}

test_names_and_refspecs() {
    dits fetch -q origin side
    expect_equal "$(far_id side)" "$(near_id FETCH_HEAD)"
    expect_equal "$(far_id side)" "$(near_id origin/side)"
    expect_equal "" "$(dits tag)"
    dits fetch -q "$(address ../far)" main:copy refs/tags/v1
    expect_equal "$(far_id main)" "$(near_id copy)"
    dits fetch -q origin '+refs/heads/*:refs/heads/far/*'
    expect_equal "$(far_id side)" "$(near_id far/side)"
    complains 1 "couldn't find remote ref 'nothing'" dits fetch origin nothing
    complains 1 'not a valid refspec' dits fetch origin 'a b'
    complains 1 'does not appear to be a dits repository' dits fetch "$(address nowhere)"
    complains 1 'cannot reach' dits fetch ftp://host/film
    complains 2 "takes no remote" dits fetch --all origin
}

test_tags_are_chosen() {
    dits fetch -q --no-tags
    expect_equal "" "$(dits tag)"
    dits -C ../far tag old HEAD~1
    dits fetch -q --tags origin side
    expect_equal "old
v1" "$(dits tag)"
    dits tag -f old "$(far_id main)" >../out
    complains 1 'would clobber existing tag' dits fetch --tags
    dits fetch -qf --tags
    expect_equal "$(far_id side)" "$(near_id old)"
}

test_what_does_not_go_forward_is_rejected_alone() {
    dits fetch -q origin main:copy side:other
    (
        cd ../far
        dits reset -q --hard HEAD~1
        echo another >a
        dits commit -qam another
        dits switch -q side
        echo more >b
        dits add .
        dits commit -qm more
    )
    complains 1 '^ ! \[rejected\] +main +-> copy  \(non-fast-forward\)$' \
        dits fetch origin main:copy side:other
    expect_equal "$(far_id side)" "$(near_id other)"
    expect_match '^ \+ .* main +-> origin/main  \(forced update\)$' ../err
    dits fetch -q origin +main:copy
    expect_equal "$(far_id main)" "$(near_id copy)"
}

test_the_branch_of_a_work_tree_is_left_alone() {
    dits fetch -q
    dits switch -qc main origin/side
    complains 1 'checked out here' dits fetch origin main:main
    expect_equal "$(far_id side)" "$(near_id main)"
}

test_what_is_gone_is_pruned() {
    dits fetch -q
    dits -C ../far branch -D side >../out
    dits -C ../far branch side/deep
    complains 1 'stands in the way' dits fetch
    dits fetch -p 2>../err
    expect_match '^ - \[deleted\] +\(none\) +-> origin/side$' ../err
    dits branch -r >../out
    expect_equal "  origin/main
  origin/side/deep" "$(cat ../out)"
}

test_all_remotes() {
    dits init -q ../third
    (
        cd ../third
        echo x >x
        dits add .
        dits commit -qm x
    )
    dits remote add third "$(address ../third)"
    dits fetch -q --all
    dits branch -r >../out
    expect_lines 3 ../out
}

test_a_dry_run_moves_nothing() {
    dits fetch --dry-run 2>../err
    expect_match 'new branch' ../err
    dits branch -r >../out
    expect_empty ../out
}

test_a_shallow_history_is_fetched_and_deepened() {
    dits fetch -q --depth 1 --no-tags origin main
    dits log --format=%s origin/main >../out
    expect_equal two "$(cat ../out)"
    dits fsck >../out
    expect_match 'nothing is damaged' ../out
    dits branch mine origin/main
    cd ..
    dits init -q small
    (cd small && dits fetch -q "$(address ../near)" mine:mine)
    expect_file small/.dits/shallow
    expect_equal two "$(dits -C small log --format=%s mine)"
    cd near
    dits fetch -q --depth 5
    dits log --format=%s origin/main >../out
    expect_lines 2 ../out
    expect_no_file .dits/shallow
}

# --- the other side is damaged, or lies ---

damage_packs() {
    for pack in ../far/.dits/packs/*.pack; do
        python3 - "$pack" <<'END'
import sys
with open(sys.argv[1], "r+b") as file:
    data = bytearray(file.read())
    for at in range(len(data) // 4, len(data) * 3 // 4, 997):
        data[at] ^= 0xff
    file.seek(0)
    file.write(data)
END
    done
}

nothing_came() {
    dits branch -a >../out
    expect_empty ../out
    dits fsck >../out
    expect_match 'nothing is damaged' ../out
}

test_damaged_packs_are_refused() {
    damage_packs
    complains 1 "cannot fetch from" dits fetch
    nothing_came
}

test_refs_to_what_is_missing_are_refused() {
    python3 - <<'END'
import sqlite3
db = sqlite3.connect("../far/.dits/meta.db")
db.execute("UPDATE refs SET id = ? WHERE name = 'refs/heads/side'", (b"\x07" * 32,))
db.commit()
END
    complains 1 "cannot fetch from" dits fetch
    nothing_came
    dits fetch -q origin main
    expect_equal "$(far_id main)" "$(near_id origin/main)"
}

test_evil_names_are_refused() {
    for name in 'refs/heads/../../x' 'refs/heads/a b' 'refs/heads/-x' \
        'refs/heads/x.lock' 'evil' '../evil'; do
        python3 - "$name" <<'END'
import sqlite3, sys
db = sqlite3.connect("../far/.dits/meta.db")
db.execute("DELETE FROM refs WHERE name NOT IN ('refs/heads/main')")
db.execute("INSERT INTO refs(name, id, kind) SELECT ?, id, kind FROM refs"
           " WHERE name = 'refs/heads/main'", (sys.argv[1],))
db.commit()
END
        case $name in
        refs/*) complains 1 "cannot fetch from" dits fetch ;;
        *) dits fetch -q && dits undo -q >../out ;;
        esac
        dits branch -a >../out
        expect_empty ../out
    done
}

test_a_branch_that_is_no_commit_does_not_come() {
    python3 - <<'END'
import sqlite3
db = sqlite3.connect("../far/.dits/meta.db")
row = db.execute("SELECT index_after FROM operations ORDER BY id DESC").fetchone()
db.execute("UPDATE refs SET id = ? WHERE name = 'refs/heads/side'", (row[0],))
db.commit()
END
    dits fetch -q
    dits branch -r >../out
    expect_match 'origin/main' ../out
    expect_no_match 'origin/side' ../out
    dits fsck >../out
    expect_match 'nothing is damaged' ../out
}

run_tests
