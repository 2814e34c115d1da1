#!/bin/sh
# dits clone, and repositories without files.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q -b cut film
    cd film
    echo one >a
    mkdir sound
    make_bytes sound/clip.bin 300000 1
    dits add .
    dits commit -qm one
    echo two >a
    dits commit -qam two
    dits tag -m release v1
    dits branch side HEAD~1
    cd ..
}

test_a_clone_has_all_and_follows() {
    dits clone "$(address film)" copy 2>err
    expect_match "^Cloning into 'copy'\.\.\.$" err
    expect_match '^received .* in [0-9]+ chunks$' err
    cd copy
    expect_same a ../film/a
    expect_same sound/clip.bin ../film/sound/clip.bin
    dits status >../out
    expect_match "^Your branch is up to date with 'origin/cut'\.$" ../out
    expect_match 'working tree clean' ../out
    expect_equal "$(address "$(realpath ../film)")" "$(dits remote get-url origin)"
    dits branch -a >../out
    expect_content '* cut
  remotes/origin/cut
  remotes/origin/side' ../out
    expect_equal v1 "$(dits tag)"
    dits fsck --full >../out
    expect_match 'nothing is damaged' ../out
    dits switch -q side
    expect_equal one "$(cat a)"
    dits status -sb >../out
    expect_equal '## side...origin/side' "$(cat ../out)"
}

test_the_folder_is_named_after_the_other_one() {
    mkdir here
    cd here
    dits clone -q ../film/
    expect_file film/a
    complains 1 'already exists and is not an empty directory' \
        dits clone "$(address ../film)"
    mkdir empty
    dits clone -q "$(address ../film)" empty
    expect_file empty/a
    complains 1 'cannot guess a name' dits -C film clone ..
}

test_a_branch_or_tag_is_chosen() {
    dits clone -q -b side -o nas "$(address film)" copy
    expect_equal one "$(cat copy/a)"
    dits -C copy status -sb >out
    expect_equal '## side...nas/side' "$(cat out)"
    dits clone -q -b v1 "$(address film)" detached
    dits -C detached branch >out
    expect_match '^\* \(HEAD detached at ' out
    complains 1 "remote branch 'nothing' not found" dits clone -b nothing "$(address film)" no
    expect_no_file no
}

test_no_files_are_written() {
    dits clone -q -n "$(address film)" copy
    expect_no_file copy/a
    expect_equal two "$(dits -C copy log -1 --format=%s cut)"
    dits -C copy restore --staged --worktree .
    expect_same film/a copy/a
}

test_a_bare_clone_has_its_branches() {
    dits clone -q --bare "$(address film)" hub
    cd hub
    dits branch >../out
    expect_content '* cut
  side' ../out
    expect_equal v1 "$(dits tag)"
    complains 1 'must be run in a work tree' dits status
    complains 1 'must be run in a work tree' dits add .
    dits log --format=%s >../out
    expect_lines 2 ../out
    dits fsck --full >../out
    expect_match 'nothing is damaged' ../out
    cd ..
    dits clone -q "$(address hub)" second
    expect_same second/a film/a
}

test_a_mirror_becomes_what_is_there() {
    dits clone -q --mirror "$(address film)" hub
    dits -C film branch -D side >out
    dits -C film reset -q --hard HEAD~1
    dits -C film branch new
    dits -C hub fetch -q -p
    dits -C hub branch >out
    expect_content '* cut
  new' out
    expect_equal one "$(dits -C hub log -1 --format=%s cut)"
}

test_init_makes_a_bare_repository() {
    dits init -q --bare hub
    expect_equal true "$(dits -C hub config core.bare)"
    complains 1 'must be run in a work tree' dits -C hub switch -c x
    dits clone "$(address hub)" copy 2>err
    expect_match 'cloned an empty repository' err
    dits -C copy branch --show-current >out
    expect_equal main "$(cat out)"
    dits -C film worktree add -q ../beside side
    dits clone -q beside other
    expect_file other/a
}

test_a_detached_head_is_cloned() {
    dits -C film switch -q --detach HEAD~1
    echo loose >film/a
    dits -C film commit -qam loose
    dits clone -q "$(address film)" copy
    expect_equal loose "$(cat copy/a)"
    dits -C copy branch >out
    expect_match '^\* \(HEAD detached at ' out
}

test_a_shallow_clone() {
    dits clone -q --depth 1 -b cut --no-tags "$(address film)" copy
    dits -C copy log --format=%s >out
    expect_match '^two$' out
    dits -C copy fsck >out
    expect_match 'nothing is damaged' out
}

test_what_fails_leaves_nothing() {
    for pack in film/.dits/packs/*.pack; do
        size=$(wc -c <"$pack")
        patch_byte "$pack" $((size / 3))
        patch_byte "$pack" $((size / 2))
    done
    complains_here film copy
    expect_no_file copy
    mkdir empty
    complains_here film empty
    expect_equal "" "$(ls -A empty)"
    complains 1 'does not appear to be a dits repository' dits clone "$(address nowhere)" x
    expect_no_file x
}

# What is all zeros takes little in the repository, and all of it as a file: with
# a limit on the size of files, a clone fails when it writes them.
make_large() {
    truncate -s 30000000 film/large.raw
    dits -C film add large.raw
    dits -C film commit -qm large
}

test_a_killed_clone_is_taken_up_again() {
    make_large
    if (ulimit -f 20000 && exec dits clone film copy) >out 2>&1; then
        fail "the limit is none here"
    fi
    expect_file copy/.dits/clone
    if dits -C copy log >out 2>&1; then
        fail "a commit is there already"
    fi
    dits init -q other
    complains 1 "'copy' holds a clone of '.*/film' that was cut off$" \
        dits clone other copy
    complains 1 "and was begun with other options" dits clone -b side film copy
    dits clone film copy 2>err
    expect_match "a clone into 'copy' was cut off: going on with it" err
    expect_no_match '^received' err
    expect_no_file copy/.dits/clone
    expect_no_file copy/.dits/clone.lock
    dits -C copy status >out
    expect_match "^Your branch is up to date with 'origin/cut'\.$" out
    expect_match 'working tree clean' out
    dits -C copy fsck --full >out
    expect_match 'nothing is damaged' out
    complains 1 'already exists and is not an empty directory' \
        dits clone film copy
}

test_what_has_come_stays_when_the_clone_fails() {
    make_large
    if (trap '' XFSZ && ulimit -f 20000 && exec dits clone film copy) 2>err; then
        fail "the limit is none here"
    fi
    expect_match "what has come is kept in 'copy': the same command goes on" err
    echo mine >copy/a
    dits clone -q film copy
    expect_same film/a copy/a
    expect_same film/large.raw copy/large.raw
    dits -C copy undo -q
    expect_equal mine "$(cat copy/a)"
}

# A clone into copy, killed when a file of it grew too large.
cut_a_clone() {
    make_large
    if (ulimit -f 20000 && exec dits clone film copy) >out 2>&1; then
        fail "the limit is none here"
    fi
    expect_file copy/.dits/clone
}

test_who_works_in_a_clone_that_lacks_nothing_keeps_it() {
    cut_a_clone
    cp copy/.dits/clone record
    dits clone -q film copy
    echo three >copy/a
    dits -C copy commit -qam three
    cp record copy/.dits/clone
    dits clone -q film copy
    expect_equal three "$(cat copy/a)"
    expect_equal three "$(dits -C copy log -1 --format=%s)"
    expect_no_file copy/.dits/clone
}

test_a_record_that_is_damaged_is_said() {
    cut_a_clone
    patch_byte copy/.dits/clone 20
    complains 1 "cannot go on with the clone in 'copy'" dits clone film copy
    expect_file copy/.dits/clone
}

test_a_clone_that_has_hardly_begun_counts_as_none() {
    mkdir -p copy/.dits
    : >copy/.dits/clone.lock
    : >copy/.dits/clone.1234abcd.new
    dits clone -q film copy
    expect_same film/a copy/a
}

complains_here() {
    if dits clone "$1" "$2" 2>err; then
        fail "it was cloned"
    fi
    expect_match "cannot clone '$1'" err
}

test_json() {
    dits --json clone "$(address film)" copy >out
    expect_match '^\{"path": ".*/copy/\.dits", "chunks": [0-9]+, "bytes": [0-9]+, "grafted": 0\}$' out
}

run_tests
