#!/bin/sh
# dits worktree: several work trees on one repository.
# shellcheck source=lib.sh disable=SC2103 # folders are left again on purpose
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q main
    cd main
    mkdir shots
    echo one >shots/a.mov
    echo top >top.txt
    dits add .
    dits commit -qm first
}

# expect_status WANTED: of the short status here.
expect_status() {
    dits status -s >"$scratch/status"
    printf '%s' "$1" | diff -u - "$scratch/status" >&2 ||
        fail "status is another"
}

# expect_files WANTED: all but .dits, sorted.
expect_files() {
    find . -name .dits -prune -o -type f -print | LC_ALL=C sort \
        >"$scratch/files"
    printf '%s' "$1" | diff -u - "$scratch/files" >&2 ||
        fail "other files are there"
}

test_add_makes_a_branch_called_like_the_folder() {
    dits worktree add ../cut >../out 2>../err
    expect_match "^Preparing worktree \(new branch 'cut'\)$" ../err
    expect_match '^HEAD is now at [0-9a-f]+ first$' ../out
    dits branch >../out
    expect_content '+ cut
* main' ../out
    dits branch --json | grep '"cut"' >../out
    expect_match "\"worktree\": \"$(realpath ../cut)\"" ../out
    cd ../cut
    expect_files './shots/a.mov
./top.txt
'
    expect_equal cut "$(dits branch --show-current)"
    expect_status ''
}

test_each_has_its_own_head_and_staged_files() {
    dits worktree add -q -b grade ../w
    cd ../w
    echo two >>shots/a.mov
    dits add shots
    cd shots
    dits status >../../out
    cd ..
    expect_match "^In the linked work tree 'w'$" ../out
    dits status --json >../out
    expect_match '"linked_worktree": "w"' ../out
    cd ../main
    expect_status ''
    dits status --json >../out
    expect_empty ../out
    cd ../w
    dits commit -qm second
    cd ../main
    expect_equal 1 "$(dits log --format=%s | wc -l)"
    dits merge -q grade
    expect_content 'one
two' shots/a.mov
}

test_what_to_check_out() {
    dits branch there
    dits tag v1
    dits worktree add -q ../a there
    dits worktree add -q ../b v1
    dits worktree add -q --detach ../c
    dits worktree add -q -B there ../d >../out 2>../err && fail "-B moved it"
    expect_match "'there' is checked out in the work tree" ../err
    [ ! -e ../d ]
    dits worktree add -q -b new ../d v1
    dits worktree list >../out
    expect_match "/a +[0-9a-f]+ \[there\]$" ../out
    expect_match "/b +[0-9a-f]+ \(detached HEAD\)$" ../out
    expect_match "/c +[0-9a-f]+ \(detached HEAD\)$" ../out
    expect_match "/d +[0-9a-f]+ \[new\]$" ../out
    expect_lines 5 ../out
    dits worktree list --porcelain >../out
    expect_match '^branch refs/heads/new$' ../out
    expect_match '^detached$' ../out
    dits worktree list --porcelain -z | tr '\0' '\n' | cmp - ../out
    dits worktree list --json | grep '"name": "d"' >../out
    expect_match '"branch": "new".*"is_current": false, "locked": null' ../out
}

test_add_refuses() {
    dits worktree add ../w no-such 2>../err && fail "made"
    expect_match "no-such" ../err
    dits worktree add -b main ../w 2>../err && fail "made"
    expect_match "there is a branch 'main' already" ../err
    dits worktree add ../w main 2>../err && fail "made"
    expect_match "'main' is checked out in the work tree '.*/main'" ../err
    [ ! -e ../w ]
    mkdir ../full
    touch ../full/x
    dits worktree add ../full 2>../err && fail "made"
    expect_match "there is something in '.*/full' already" ../err
    touch ../file
    dits worktree add ../file 2>../err && fail "made"
    dits worktree add .dits/w 2>../err && fail "made"
    expect_match "inside of the repository" ../err
    dits worktree add -q ../w
    dits worktree add ../w 2>../err && fail "made twice"
    expect_match "is the work tree 'w' already" ../err
    dits init -q ../empty
    cd ../empty
    dits worktree add ../w2 2>../err && fail "made"
    expect_match "There is no commit yet" ../err
    for bad in "worktree" "worktree nonsense" "worktree add" \
        "worktree list x" "worktree add --detach -b x ../y" "worktree move x" \
        "worktree add ../y --reason=z" "worktree list -z"; do
        status=0
        # shellcheck disable=SC2086 # words
        dits $bad 2>../err || status=$?
        expect_equal 2 "$status"
    done
}

test_a_branch_is_checked_out_once() {
    dits worktree add -q ../w
    dits switch w 2>../err && fail "switched"
    expect_match "'w' is checked out in the work tree '.*/w'" ../err
    dits switch -C w 2>../err && fail "switched"
    dits branch -f w 2>../err && fail "moved"
    dits branch -d w 2>../err && fail "deleted"
    dits branch -D w 2>../err && fail "deleted"
    expect_match "checked out in the work tree" ../err
    expect_status ''
    dits switch -q --ignore-other-worktrees w
    expect_equal w "$(dits branch --show-current)"
    dits switch -q -
    dits checkout -q --ignore-other-worktrees w
    dits switch -q main
    dits worktree add -q -f ../w2 w
    dits branch -m w renamed
    cd ../w
    expect_equal renamed "$(dits branch --show-current)"
    cd ../w2
    expect_equal renamed "$(dits branch --show-current)"
}

test_a_branch_being_rebased_or_bisected_is_taken() {
    dits worktree add -q ../w
    cd ../w
    echo theirs >top.txt
    dits commit -qam theirs
    cd ../main
    echo ours >top.txt
    dits commit -qam ours
    cd ../w
    dits rebase -q main >../out 2>&1 && fail "no conflict"
    cd ../main
    dits status -s >../out
    expect_empty ../out
    dits switch w 2>../err && fail "switched"
    dits branch -D w 2>../err && fail "deleted"
    cd ../w
    dits rebase -q --abort
    dits bisect start >../out
    dits bisect bad >../out
    dits bisect good HEAD~1 >../out
    cd ../main
    dits bisect log 2>../err && fail "the bisection is in both"
    dits branch -D w 2>../err && fail "deleted"
    cd ../w
    dits bisect reset -q
    expect_equal w "$(dits branch --show-current)"
}

test_undo_is_of_its_work_tree() {
    dits worktree add -q ../w
    cd ../w
    echo there >top.txt
    dits commit -qam there
    cd ../main
    echo here >top.txt
    dits commit -qam here
    cd ../w
    dits undo >../out
    expect_match 'dits commit -qam there' ../out
    expect_content there top.txt
    expect_status ' M top.txt
'
    cd ../main
    expect_status ''
    expect_equal here "$(dits log -1 --format=%s)"
    dits op log >../out
    expect_match '\[w\] dits undo' ../out
    expect_match '\[w\] dits commit -qam there \(undone\)' ../out
    expect_match '[0-9] +dits commit -qam here$' ../out
    dits op log --json | grep 'qam there' >../out
    expect_match '"worktree": "w"' ../out
    dits undo 4 2>../err && fail "undone from elsewhere"
    expect_match "operation 4 .* was done in the work tree 'w'" ../err
    cd ../w
    dits redo >../out
    expect_equal there "$(dits log -1 --format=%s)"
}

test_undo_refuses_what_moved_elsewhere() {
    dits branch shared
    dits worktree add -q ../w shared
    cd ../w
    echo more >top.txt
    dits commit -qam more
    cd ../main
    dits undo 3 2>../err && fail "undone"
    expect_match "'shared' has moved since in the work tree 'w'" ../err
    cd ../w
    dits undo -q
    cd ../main
    dits undo 3 2>../err && fail "undone"
    expect_match "'shared' is checked out in the work tree" ../err
}

test_add_is_undone_where_it_was_said() {
    dits worktree add -q ../w
    echo note >../w/note
    dits undo >../out
    expect_match 'dits worktree add' ../out
    [ ! -e ../w ]
    dits branch >../out
    expect_content '* main' ../out
    dits redo -q
    cd ../w
    expect_status '?? note
'
    expect_content note note
    dits undo 2>../err && fail "nothing was done in it"
    expect_match 'nothing to undo' ../err
    echo x >top.txt
    dits commit -qam x
    cd ../main
    dits undo 2>../err && fail "undone"
    expect_match "'w' has moved since in the work tree 'w'" ../err
}

test_remove_keeps_everything_for_undo() {
    dits worktree add -q ../w
    cd ../w
    dits switch -q --detach
    echo staged >top.txt
    dits add top.txt
    echo changed >top.txt
    rm shots/a.mov
    mkdir -p new/deep empty
    echo untracked >new/deep/f
    echo '*.tmp' >.ditsignore
    echo ignored >x.tmp
    cd ../main
    dits worktree remove ../w 2>../err && fail "removed"
    expect_match 'contains modified or untracked files' ../err
    [ -e ../w/x.tmp ]
    dits worktree remove -f w
    [ ! -e ../w ]
    [ ! -e .dits/worktrees/w ]
    dits worktree list >../out
    expect_lines 1 ../out
    dits gc -q --prune=now
    dits undo -q
    cd ../w
    expect_equal '' "$(dits branch --show-current)"
    expect_status ' D shots/a.mov
MM top.txt
?? .ditsignore
?? new/
'
    expect_content changed top.txt
    expect_content ignored x.tmp
    expect_content untracked new/deep/f
    dits restore -q top.txt
    expect_content staged top.txt
    cd ../main
    dits redo -q
    [ ! -e ../w ]
    dits fsck -q
}

test_remove_refuses() {
    dits worktree remove . 2>../err && fail "removed"
    expect_match 'is a main working tree' ../err
    dits worktree remove nothing 2>../err && fail "removed"
    expect_match "'nothing' is not a working tree" ../err
    dits worktree add -q ../w
    dits init -q ../w/inner
    dits worktree remove -f w 2>../err && fail "removed"
    expect_match "'inner' is a repository of its own" ../err
    rm -rf ../w/inner
    cd ../w
    dits worktree remove w 2>../err && fail "removed"
    expect_match 'is the work tree you are in' ../err
    cd ../main
    dits worktree remove w
}

test_lock_and_prune() {
    dits worktree add -q --lock --reason "on a stick" ../w
    dits worktree lock w 2>../err && fail "locked twice"
    expect_match 'already locked, reason: on a stick' ../err
    dits worktree list -v >../out
    expect_match '\[w\] locked \(on a stick\)$' ../out
    dits worktree remove w 2>../err && fail "removed"
    expect_match 'locked work tree .* on a stick' ../err
    dits worktree move w ../v 2>../err && fail "moved"
    mv ../w ../away
    dits worktree prune -v >../out
    expect_empty ../out
    dits worktree unlock w
    dits worktree unlock w 2>../err && fail "unlocked twice"
    dits worktree list >../out
    expect_match '\[w\] prunable$' ../out
    dits worktree prune -n >../out
    expect_match 'Removing worktrees/w: its folder is not there' ../out
    dits worktree prune
    dits worktree list >../out
    expect_lines 1 ../out
    cd ../away
    dits status 2>../err && fail "it is known still"
    expect_match "has no work tree 'w' any more" ../err
    cd ../main
    dits undo -q
    cd ../w
    expect_status ' D shots/a.mov
 D top.txt
'
}

test_move_and_repair() {
    dits worktree add -q ../w
    dits worktree move w .dits/w 2>../err && fail "moved into .dits"
    expect_match "inside of the repository" ../err
    dits worktree move w "$(printf '../two\nlines')" 2>../err && fail "moved"
    expect_match "one line of UTF-8" ../err
    dits worktree move w ../moved
    mkdir ../folder
    dits worktree move w ../folder
    cd ../folder/moved
    expect_status ''
    cd ../../main
    dits worktree list >../out
    expect_match '/folder/moved +[0-9a-f]+ \[w\]$' ../out
    mv ../folder/moved ../by-hand
    cd ../by-hand
    expect_status ''
    dits worktree repair >../out
    expect_match "^repair: w: '.*/by-hand'$" ../out
    cd ..
    mv main trunk
    cd by-hand
    dits status 2>../err && fail "the repository is gone"
    expect_match "is a work tree of the repository '.*/main/.dits', which is not there" ../err
    expect_match 'dits worktree repair' ../err
    cd ../trunk
    dits worktree repair >../out
    expect_lines 1 ../out
    dits worktree repair >../out
    expect_empty ../out
    cd ../by-hand
    expect_status ''
    dits commit -q --allow-empty -m 'from here'
    cd ..
    mv by-hand b2
    mv trunk t2
    cd t2
    dits worktree repair ../b2 >../out
    cd ../b2
    expect_equal 'from here' "$(dits log -1 --format=%s)"
    dits worktree repair ../t2/shots 2>../err && fail "that is none"
    cp -a ../b2 ../copy
    cd ../copy
    dits status 2>../err && fail "a copy"
    expect_match "'.*/copy' is a copy of the work tree" ../err
}

test_gc_keeps_what_only_a_linked_one_has() {
    dits worktree add -q --detach ../w
    cd ../w
    make_bytes commit.bin 200000 1
    dits add .
    dits commit -qm "on no branch"
    make_bytes staged.bin 200000 2
    dits add staged.bin
    make_bytes gone.bin 200000 3
    dits clean -qf
    cd ../main
    dits reflog expire --all --expire=now
    dits gc -q --prune=now
    dits prune -q --expire=now
    dits fsck -q --full
    cd ../w
    expect_status 'A  staged.bin
'
    rm staged.bin commit.bin
    dits restore -q staged.bin commit.bin
    make_bytes ../again 200000 2
    cmp ../again staged.bin
    dits undo -q 7
    make_bytes ../again 200000 3
    cmp ../again gone.bin
}

test_a_damaged_database_brings_work_trees_back() {
    dits worktree add -q ../w
    dits worktree add -q --detach ../d
    dits worktree add -q ../gone
    dits worktree remove gone
    cd ../w
    echo staged >top.txt
    dits add .
    cd ../main
    rm .dits/meta.db-wal .dits/meta.db-shm
    printf 'no database' >.dits/meta.db
    cd ../d
    dits fsck -q --repair >../out 2>&1 || :
    dits worktree list >../out
    expect_match '/w +[0-9a-f]+ \[w\]$' ../out
    expect_match '/d +[0-9a-f]+ \(detached HEAD\)$' ../out
    expect_lines 3 ../out
    cd ../w
    expect_status 'M  top.txt
'
    cd ../main
    expect_status ''
}

# What is told to the backup of refs may be lost with the power.
test_a_name_that_was_used_again_does_not_stop_a_rescue() {
    dits worktree add -q ../w
    cp .dits/refs.backup ../kept
    dits worktree remove w
    cp ../kept .dits/refs.backup
    dits worktree add -q ../v/w w
    rm .dits/meta.db-wal .dits/meta.db-shm
    printf 'no database' >.dits/meta.db
    dits fsck -q --repair >../out 2>&1 || :
    dits worktree list >../out
    expect_match '/v/w +[0-9a-f]+ \[w\]$' ../out
    expect_lines 2 ../out
}

test_a_sparse_set_is_taken_over_and_then_its_own() {
    dits sparse set -q --no-cone '*.txt'
    dits worktree add -q ../w
    cd ../w
    expect_files './top.txt
'
    expect_status ''
    dits sparse -q disable
    expect_files './shots/a.mov
./top.txt
'
    cd ../main
    expect_files './top.txt
'
    dits worktree remove w
    dits undo -q
    cd ../w
    expect_files './shots/a.mov
./top.txt
'
}

test_stashes_and_settings_are_shared_merges_are_not() {
    dits worktree add -q ../w
    echo mine >top.txt
    dits stash -q
    dits config color.ui never
    cd ../w
    expect_equal never "$(dits config color.ui)"
    dits stash pop -q
    expect_content mine top.txt
    dits commit -qam mine
    cd ../main
    echo other >top.txt
    dits commit -qam other
    dits merge -q w >../out 2>&1 && fail "no conflict"
    cd ../w
    dits merge --abort 2>../err && fail "there is no merge here"
    expect_status ''
    cd ../main
    dits merge -q --abort
}

test_a_bad_file_is_told_of() {
    dits worktree add -q ../w
    cd ../w
    cp .dits ../good
    for bad in '' 'junk' 'dits work tree 1' "$(head -n 2 ../good)" \
        "$(sed 's/^name .*/name ..\/..\/x/' ../good)" \
        "$(sed 's/^repository .*/repository relative/' ../good)" \
        "$(cat ../good; echo more)"; do
        printf '%s\n' "$bad" >.dits
        dits status 2>../err && fail "'$bad' was read"
        expect_match "cannot read '.*/w/.dits'" ../err
    done
    head -c 100000 /dev/zero >.dits
    dits status 2>../err && fail "too large"
    sed 's/tree 1/tree 2/' ../good >.dits
    dits status 2>../err && fail "a later format"
    expect_match 'later format' ../err
    sed "s|^repository .*|repository $(realpath .)/.dits|" ../good >.dits
    dits status 2>../err && fail "a loop"
    expect_match 'which is not there' ../err
    sed 's/^name .*/name other/' ../good >.dits
    dits status 2>../err && fail "another name"
    expect_match "has no work tree 'other' any more" ../err
    echo junk >.dits
    cd ../main
    dits worktree repair >../out
    cd ../w
    cmp .dits ../good
}

test_init_and_nested_work_trees() {
    dits worktree add -q inside
    expect_status '?? inside/
'
    cd inside
    expect_status ''
    dits init >../out2
    expect_match 'Reinitialized existing' ../out2
    [ -f .dits ]
    mkdir deep
    cd deep
    expect_equal inside "$(dits branch --show-current)"
    cd ../..
    rm out2
    dits clean -qfd
    [ -e inside/top.txt ]
}

run_tests
