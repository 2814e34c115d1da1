#!/bin/sh
# dits sparse: a part of the tracked files on the disk.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    mkdir -p "shots/day 1" "shots/day 2" notes
    echo list >shots/list
    echo one >"shots/day 1/a.mov"
    echo two >"shots/day 2/b.mov"
    echo text >notes/n.txt
    echo top >top.txt
    dits add .
    dits commit -qm first
    dits tag v1
    echo TWO >"shots/day 2/b.mov"
    echo TEXT >notes/n.txt
    echo new >"shots/day 2/c.mov"
    dits add .
    dits commit -qm second
}

expect_files() {
    find . -name .dits -prune -o -type f -print | LC_ALL=C sort >../files
    printf '%s' "$1" | diff -u - ../files >&2 || fail "other files are there"
}

test_folders_with_what_lies_on_the_way() {
    dits sparse set "shots/day 1" 2>../err
    expect_match '^0 files written, 3 removed, 0 kept$' ../err
    expect_files './shots/day 1/a.mov
./shots/list
./top.txt
'
    expect_status ''
    dits sparse list >../out
    expect_content "shots/day 1" ../out
    cd shots
    dits sparse -q add ../notes
    cd ..
    expect_content TEXT notes/n.txt
    dits sparse -q disable
    expect_content TWO "shots/day 2/b.mov"
    dits sparse list 2>../err
    expect_content "everything is on the disk" ../err
}

test_patterns() {
    dits sparse set -q --no-cone '*.mov' '!/shots/day 2/'
    dits sparse set -q '*.txt' # in the same mode
    expect_files './notes/n.txt
./top.txt
'
    dits sparse add -q '/shots/day 2/'
    expect_content TWO "shots/day 2/b.mov"
    dits sparse init -q --cone
    expect_files './top.txt
'
    expect_status ''
}

test_undo_and_redo() {
    dits sparse set -q notes
    dits sparse set -q "shots/day 2"
    dits undo >../out
    expect_match 'dits sparse set -q .*day 2' ../out
    expect_files './notes/n.txt
./top.txt
'
    expect_equal notes "$(dits sparse list)"
    dits redo >../out
    expect_content TWO "shots/day 2/b.mov"
    dits undo >../out
    dits undo >../out
    expect_content one "shots/day 1/a.mov"
    expect_status ''
}

test_every_command_lets_absent_files_be() {
    dits sparse set -q notes
    dits add -A
    expect_status ''
    echo more >>top.txt
    dits commit -qam third
    dits diff --name-only HEAD~1 >../out
    expect_content top.txt ../out
    dits switch -q --detach v1
    expect_content text notes/n.txt
    expect_files './notes/n.txt
./top.txt
'
    expect_status ''
    dits switch -q main
    expect_content TEXT notes/n.txt
    dits reset -q --hard v1
    expect_status ''
    dits restore --source 'main@{1}' .
    expect_status ' M notes/n.txt
 M top.txt
'
    dits restore .
    dits checkout -q 'main@{2}' -- .
    expect_no_file shots
    dits undo >../out
    dits clean -nd >../out
    expect_empty ../out
    dits undo >../out
    dits fsck >../out
    expect_files './notes/n.txt
./top.txt
'
}

test_what_is_named_and_absent_is_refused() {
    dits sparse set -q notes
    for named in shots "shots/day 1/a.mov" 'shots/*'; do
        expect_failure 1 dits restore "$named"
        expect_match 'outside of the sparse set' stderr
        expect_failure 1 dits checkout -- "$named"
        expect_failure 1 dits checkout HEAD -- notes "$named"
    done
    expect_failure 1 dits restore nothing
    expect_no_match 'sparse set' stderr
    dits restore .
    dits restore --staged shots
    expect_no_file shots
    dits restore --ignore-skip-worktree-bits "shots/day 1/a.mov"
    expect_file "shots/day 1/a.mov"
    echo mine >"shots/day 1/a.mov"
    dits restore "shots/day 1/a.mov" # it is there, and so it counts
    rm stderr
    expect_status ''
    rm "shots/day 1/a.mov"
    dits checkout -q --ignore-skip-worktree-bits -- "shots/day 1"
    expect_file "shots/day 1/a.mov"
    expect_failure 2 dits checkout --ignore-skip-worktree-bits main
}

test_undo_of_a_switch_writes_what_it_had_taken() {
    dits sparse set -q notes
    dits switch -q --detach v1
    dits undo >../out
    expect_content TEXT notes/n.txt
    expect_no_file shots
    expect_status ''
}

test_merging_leaves_absent_what_may_be() {
    dits switch -qc other
    echo theirs >notes/n.txt
    echo theirs >"shots/day 1/a.mov"
    echo theirs >"shots/day 2/b.mov"
    dits commit -qam theirs
    dits switch -q main
    echo ours >"shots/day 2/b.mov"
    echo ours >top.txt
    dits commit -qam ours
    dits sparse set -q notes
    expect_failure 1 dits merge other
    rm stderr
    expect_content theirs notes/n.txt
    expect_no_file "shots/day 1"
    expect_match '^<<<<<<<' "shots/day 2/b.mov"
    expect_status 'M  notes/n.txt
M  "shots/day 1/a.mov"
UU "shots/day 2/b.mov"
'
    dits undo >../out
    expect_no_file shots
    expect_status ''
    echo more >>notes/n.txt
    dits stash -q
    expect_content TEXT notes/n.txt
    dits stash pop -q
    expect_status ' M notes/n.txt
'
    dits restore .
    dits cherry-pick v1.. >../out 2>&1 || dits cherry-pick --abort
    expect_no_file "shots/day 1"
}

test_a_rebase_that_stops_leaves_absent_what_came_before() {
    dits switch -qc topic
    echo fresh >shots/fresh
    dits add .
    dits commit -qm fresh
    echo theirs >"shots/day 2/b.mov"
    dits commit -qam theirs
    dits switch -q main
    echo ours >"shots/day 2/b.mov"
    dits commit -qam ours
    dits switch -q topic
    dits sparse set -q notes
    expect_failure 1 dits rebase main
    rm stderr
    expect_no_file shots/fresh
    expect_match '^<<<<<<<' "shots/day 2/b.mov"
    expect_status 'UU "shots/day 2/b.mov"
'
    echo both >"shots/day 2/b.mov"
    dits add .
    dits rebase --continue >../out
    expect_no_file shots/fresh
    dits sparse disable -q
    expect_content fresh shots/fresh
}

test_a_stash_brings_untracked_files_that_are_not_wanted() {
    dits sparse set -q notes
    mkdir shots
    echo mine >shots/untracked
    dits stash -qu
    expect_no_file shots
    dits stash pop -q
    expect_content mine shots/untracked
}

test_a_file_that_is_there_counts() {
    dits sparse set -q notes
    mkdir -p "shots/day 1"
    echo mine >"shots/day 1/a.mov"
    expect_status ' M "shots/day 1/a.mov"
'
    dits sparse reapply 2>../err
    expect_match "'shots/day 1/a.mov' has changes and stays" ../err
    expect_content mine "shots/day 1/a.mov"
    dits commit -qam mine
    dits sparse reapply 2>../err
    expect_match '1 removed' ../err
    expect_no_file shots
    expect_equal mine "$(dits cat 'HEAD:shots/day 1/a.mov')"
}

test_changes_stay_and_deletions_stay() {
    echo mine >"shots/day 1/a.mov"
    rm top.txt
    dits sparse set notes 2>../err
    expect_match "'shots/day 1/a.mov' has changes and stays" ../err
    expect_match '1 kept' ../err
    expect_content mine "shots/day 1/a.mov"
    dits sparse disable -q
    expect_status ' M "shots/day 1/a.mov"
 D top.txt
'
}

test_staged_changes_come_back() {
    echo staged >"shots/day 1/a.mov"
    dits add .
    dits sparse set -q notes
    expect_no_file shots
    expect_status 'M  "shots/day 1/a.mov"
'
    dits sparse disable -q
    expect_content staged "shots/day 1/a.mov"
}

test_removing_what_is_absent() {
    dits sparse set -q notes
    dits rm -q "shots/day 1/a.mov"
    expect_status 'D  "shots/day 1/a.mov"
'
    dits undo >../out
    expect_status ''
    expect_failure 1 dits mv shots/list shots/other
}

test_json() {
    dits sparse list --json >../out
    expect_content '{"mode": "all", "patterns": [], "cut_off": false}' ../out
    dits sparse set --json notes >../out
    expect_content '{"files_written": 0, "files_removed": 4, "files_kept": 0}' ../out
    dits sparse list --json >../out
    expect_content '{"mode": "cone", "patterns": ["notes"], "cut_off": false}' ../out
}

test_a_damaged_file_is_known_from_the_operations() {
    dits sparse set -q notes
    patch_byte .dits/sparse 20
    dits status -s >../out 2>../err
    expect_empty ../out
    expect_match 'sparse reapply' ../err
    dits sparse reapply -q
    dits status -s 2>../err
    expect_empty ../err
    printf 'dits sparse 9\n' >.dits/sparse
    expect_failure 1 dits status
    expect_match 'Update dits' stderr
}

test_errors() {
    expect_failure 1 dits sparse add notes
    expect_match "no sparse set to add to" stderr
    expect_failure 1 dits sparse set .
    expect_match "hint: .*sparse disable" stderr
    expect_failure 1 dits sparse set ../elsewhere
    mkdir -p x
    dits sparse set -q notes
    mkdir -p shots/list
    echo mine >shots/list/file
    expect_failure 1 dits sparse disable
    expect_match 'shots/list/file' stderr
    expect_equal notes "$(dits sparse list)"
    expect_content mine shots/list/file
}

test_usage() {
    expect_failure 2 dits sparse
    expect_failure 2 dits sparse set
    expect_failure 2 dits sparse other
    expect_failure 2 dits sparse list notes
    expect_failure 2 dits sparse set --cone --no-cone notes
    expect_failure 2 dits sparse add --cone notes
}

# --- killed at fifty instants ---

test_killed_while_it_changes() {
    rm -rf ../many
    dits init -q ../many
    cd ../many
    python3 - <<'END'
import os, random, subprocess, time

def dits(*arguments):
    return subprocess.run(["dits", *arguments], check=True,
                          capture_output=True, text=True).stdout

for folder in ("a", "b"):
    for number in range(600):
        place = f"{folder}/{number % 20}"
        os.makedirs(place, exist_ok=True)
        with open(f"{place}/{number}", "w") as file:
            file.write(f"{folder} {number}\n" * 200)
dits("add", ".")
dits("commit", "-qm", "all")

def files():
    found = {}
    for folder, folders, names in os.walk("."):
        if ".dits" in folders:
            folders.remove(".dits")
        for name in names:
            path = os.path.relpath(os.path.join(folder, name))
            with open(path) as file:
                found[path] = file.read()
    return found

everything = files()
def wanted(folder):
    return {path: text for path, text in everything.items()
            if path.startswith(folder + "/")}

dits("sparse", "set", "a")
start = time.monotonic()
dits("sparse", "set", "b")
duration = time.monotonic() - start
cut_off = 0
for point in range(50):
    now, other = ("b", "a") if point % 2 == 0 else ("a", "b")
    dits("sparse", "set", now)
    edited = f"{now}/0/0"
    with open(edited, "w") as file:
        file.write("mine\n")
    victim = subprocess.Popen(["dits", "sparse", "set", other],
                              stderr=subprocess.DEVNULL)
    time.sleep(duration * point / 49)
    victim.kill()
    victim.wait()
    status = dits("status", "-s")
    assert status == f" M {edited}\n", (point, status)
    cut_off += '"cut_off": true' in dits("sparse", "list", "--json")
    dits("sparse", "set", other)
    found = files()
    assert found.pop(edited) == "mine\n", point
    assert found == wanted(other), point
    assert dits("status", "-s") == f" M {edited}\n", point
    dits("restore", edited)
    assert dits("status", "-s") == "", point
    if point % 10 == 9:
        dits("fsck")
print(f"{cut_off} of 50 were cut off in the middle")
END
}

run_tests
