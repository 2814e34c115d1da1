#!/bin/sh
# dits import: history out of bundles, and git repositories.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
}

expect_whole() {
    dits fsck --full >../fsck || { cat ../fsck >&2; fail "fsck"; }
}

# --- bundles ---

# Of a repository with two commits: all of the first one, and then what is new.
make_bundles() {
    (
        dits init -q ../studio
        cd ../studio
        make_bytes clip.mov 400000 1
        echo one >notes.txt
        ln -s notes.txt link
        dits add .
        dits commit -qm one
        dits tag v1
        dits export bundle -q --all ../first.bundle
        echo two >notes.txt
        dits commit -qam two
        dits tag -m "a message" v2
        dits export bundle -q --all ../second.bundle ^v1
    )
}

test_an_empty_repository_becomes_a_copy() {
    make_bundles
    dits import bundle ../first.bundle >../out 2>../said
    expect_match '^[0-9a-f]{7}  main \(new\)$' ../out
    expect_match '^[0-9a-f]{7}  v1 \(new\)$' ../out
    expect_match 'new in [0-9]+ of [0-9]+ chunks' ../said
    expect_content one notes.txt
    [ -L link ]
    expect_same clip.mov ../studio/clip.mov
    dits status -s >../status
    expect_empty ../status
    expect_whole
}

test_a_second_bundle_goes_on() {
    make_bundles
    dits import bundle -q ../first.bundle
    dits import bundle ../second.bundle >../out 2>../said
    expect_match '^[0-9a-f]{7}\.\.[0-9a-f]{7}  main$' ../out
    expect_match '^[0-9a-f]{7}  v2 \(new\)$' ../out
    expect_content two notes.txt
    dits log --format=%H >../here
    dits -C ../studio log --format=%H | diff -u - ../here
    dits tag -n1 | grep -q 'a message'
    expect_whole
    dits import bundle ../second.bundle >../out 2>../said
    expect_match '^[0-9a-f]{7}  main \(unchanged\)$' ../out
    expect_match '^0 bytes new in 0 of' ../said
    expect_equal 2 "$(dits op log | grep -c import)"
}

test_undo_takes_back_refs_and_files() {
    make_bundles
    dits import bundle -q ../first.bundle
    dits import bundle -q ../second.bundle
    dits undo >../out
    expect_match 'dits import bundle -q ../second.bundle' ../out
    expect_content one notes.txt
    expect_equal one "$(dits log -n 1 --format=%s)"
    expect_equal v1 "$(dits tag)"
    dits redo >../out
    expect_content two notes.txt
    dits undo -q
    dits undo -q
    expect_no_file notes.txt
    expect_equal '' "$(dits tag)"
}

test_without_what_it_goes_on_from() {
    make_bundles
    expect_failure 1 dits import bundle ../second.bundle
    expect_match 'goes on from 1 commit that is not here: [0-9a-f]{12} \(one\)' stderr
    expect_match 'hint: Import the bundle before this one first' stderr
    expect_failure 1 dits import bundle --verify ../second.bundle
    expect_equal '' "$(dits branch)"
    # What undo could bring back is there.
    dits import bundle -q ../first.bundle
    dits undo -q
    dits import bundle -q ../second.bundle
    expect_content two notes.txt
}

test_what_is_here_is_only_moved_forward() {
    make_bundles
    dits import bundle -q ../first.bundle
    echo mine >mine.txt
    dits add .
    dits commit -qm mine
    expect_failure 1 dits import bundle ../second.bundle
    expect_match "branch 'main' has commits that the bundle lacks" stderr
    expect_match "hint: .*--prefix NAME/" stderr
    expect_equal mine "$(dits log -n 1 --format=%s)"
    expect_equal v1 "$(dits tag)"
    dits import bundle --prefix studio/ ../second.bundle >../out
    expect_match '  studio/main \(new\)$' ../out
    expect_equal two "$(dits log -n 1 --format=%s studio/main)"
    expect_equal mine "$(dits log -n 1 --format=%s)"
    dits import bundle -q --prefix other ../second.bundle main
    expect_equal two "$(dits log -n 1 --format=%s other/main)"
    dits import bundle --force ../second.bundle >../out
    expect_match '  main \(forced\)$' ../out
    expect_no_file mine.txt
    expect_content two notes.txt
    dits undo -q
    expect_content mine mine.txt
}

test_a_tag_of_the_same_name_stays() {
    make_bundles
    dits import bundle -q ../first.bundle
    echo mine >mine.txt
    dits add .
    dits commit -qm mine
    dits tag v2
    expect_failure 1 dits import bundle ../second.bundle v2
    expect_match "tag 'v2' is another one here" stderr
    dits import bundle -q -f ../second.bundle v2
    expect_equal two "$(dits log -n 1 --format=%s v2)"
    expect_equal mine "$(dits log -n 1 --format=%s)"
}

test_changed_files_are_not_overwritten() {
    make_bundles
    dits import bundle -q ../first.bundle
    echo changed >notes.txt
    expect_failure 1 dits import bundle ../second.bundle
    expect_match 'notes.txt' stderr
    expect_content changed notes.txt
    expect_equal one "$(dits log -n 1 --format=%s)"
    expect_equal v1 "$(dits tag)"
    rm ./stderr
    echo untracked >other.txt
    dits restore notes.txt
    dits import bundle -q ../second.bundle
    expect_content untracked other.txt
}

test_a_merge_is_finished_first() {
    make_bundles
    dits import bundle -q ../first.bundle
    dits switch -qc other
    echo theirs >notes.txt
    dits commit -qam theirs
    dits switch -q main
    echo ours >>link.txt
    echo ours >notes.txt
    dits add .
    dits commit -qm ours
    dits merge other >../out 2>&1 && fail "no conflict"
    expect_failure 1 dits import bundle --force ../second.bundle
    expect_match 'merge' stderr
    expect_equal ours "$(dits log -n 1 --format=%s)"
    dits import bundle -q --prefix studio ../second.bundle
}

test_only_some_refs() {
    make_bundles
    dits import bundle -q ../first.bundle v1
    expect_equal v1 "$(dits tag)"
    expect_no_file notes.txt
    expect_failure 1 dits import bundle ../first.bundle nothing
    expect_match "there is no ref 'nothing' in the bundle" stderr
    dits import bundle -q ../first.bundle refs/heads/main
    expect_content one notes.txt
}

test_damage_is_refused_and_nothing_moves() {
    make_bundles
    size=$(wc -c <../first.bundle)
    for at in 3 20 30 100 150 200 1000 200000 $((size - 300)) $((size - 80)) \
        $((size - 40)) $((size - 3)); do
        cp ../first.bundle ../bad.bundle
        patch_byte ../bad.bundle "$at"
        expect_failure 1 dits import bundle ../bad.bundle
        expect_failure 1 dits import bundle --verify ../bad.bundle
    done
    for left in 0 10 30 200 5000 $((size - 1)); do
        head -c "$left" ../first.bundle >../bad.bundle
        expect_failure 1 dits import bundle ../bad.bundle
        expect_failure 1 dits import bundle --list-heads ../bad.bundle
    done
    echo more | cat ../first.bundle - >../bad.bundle
    expect_failure 1 dits import bundle ../bad.bundle
    expect_equal '' "$(dits branch)"
    expect_equal '' "$(dits tag)"
    dits op log >../ops
    expect_empty ../ops
    expect_whole
    dits import bundle -q ../first.bundle
    expect_same clip.mov ../studio/clip.mov
}

test_what_is_no_bundle() {
    make_bundles
    echo "a text that is no bundle" >text
    expect_failure 1 dits import bundle text
    expect_match "because it is no bundle of Dits" stderr
    expect_failure 1 dits import bundle nowhere
    expect_match "nowhere" stderr
    expect_failure 1 dits import bundle .
}

test_bundle_json() {
    make_bundles
    dits import bundle --json ../first.bundle >../out
    expect_each_line '^\{"name": "refs/(heads/main|tags/v1)", "change": "new", "before": null, "after": "[0-9a-f]{64}"\}$' ../out
    expect_lines 2 ../out
}

# --- folders ---

# put NAME DAY [CONTENT]: in the folder of versions, as of that day.
put() {
    mkdir -p "../old/$(dirname "$1")"
    printf '%s\n' "${3:-$1}" >"../old/$1"
    touch -d "2024-01-$2 12:00:00 UTC" "../old/$1"
}

fill_folder() {
    put final.mov 01
    put final_v2.mov 03
    put final_v2_REAL.mov 05
    put 'final_v3 (1).mov' 09
    put notes.txt 08
    put logo.png 02
    put sound/mix_01.wav 04
    put sound/mix_02.wav 06
    chmod +x ../old/sound/mix_02.wav
    ln -s notes.txt ../old/link
    touch -h -d "2024-01-07 12:00:00 UTC" ../old/link
}

plan() {
    dits import folder --dry-run "$@" ../old 2>../said | cut -c 1-6,34-
}

test_versions_become_commits() {
    fill_folder
    find ../old -printf '%p %m %T@ %A@\n' | sort >../before
    dits import folder ../old >../out 2>../said
    expect_empty ../out
    expect_match '^imported 9 files, 1[0-9]{2} bytes, in 7 commits$' ../said
    dits log --reverse --format='%s' imported/old >../log
    diff -u - ../log <<'END' >&2
3 files from 'old'
final.mov: final.mov
final.mov: final_v2.mov
sound/mix.wav: mix_01.wav
final.mov: final_v2_REAL.mov
sound/mix.wav: mix_02.wav
final.mov: final_v3 (1).mov
END
    dits log --reverse --format='%ad' --date=short imported/old >../log
    printf '2024-01-%s\n' 08 01 03 04 05 06 09 | diff -u - ../log >&2
    dits log -n 1 --format=%b imported/old >../log
    expect_match "^Version 4 of 4, imported from 'final_v3 \(1\).mov' in 'old'.$" ../log
    expect_equal final_v2.mov "$(dits cat -r imported/old~4 final.mov)"
    dits ls -r imported/old >../list
    printf '%s\n' final.mov link logo.png notes.txt sound/mix.wav | diff -u - ../list
    expect_equal '' "$(dits status -s)"
    dits switch -q imported/old
    [ -x sound/mix.wav ] && [ -L link ] && [ ! -x final.mov ]
    expect_content 'final_v3 (1).mov' final.mov
    find ../old -printf '%p %m %T@\n' | sort >../after
    sed 's/ [^ ]*$//' ../before | diff -u - ../after
    expect_whole
}

test_a_dry_run_only_prints() {
    fill_folder
    plan >../out
    diff -u - ../out <<'END' >&2
   1  logo.png
   1  link
   1  notes.txt
   2  final.mov
   3  final.mov <- final_v2.mov
   4  sound/mix.wav <- sound/mix_01.wav
   5  final.mov <- final_v2_REAL.mov
   6  sound/mix.wav <- sound/mix_02.wav
   7  final.mov <- final_v3 (1).mov
END
    expect_match '^would import 9 files' ../said
    expect_equal '' "$(dits branch)"
    dits import folder -n --json ../old >../out
    expect_lines 9 ../out
    expect_match '^\{"commit": 3, "path": "final.mov", "source": "final_v2.mov", "time": 1704283200, "size": 13, "version": 2, "versions": 4\}$' ../out
}

test_plain_numbers_are_judged_by_their_company() {
    for number in 01 02 03; do
        put "shot_$number.mov" "$number"
        put "reel $number.mov" "1${number#0}"
    done
    put reel.mov 10
    plan >../out
    diff -u - ../out <<'END' >&2
   1  shot_01.mov
   1  shot_02.mov
   1  shot_03.mov
   2  reel.mov
   3  reel.mov <- reel 01.mov
   4  reel.mov <- reel 02.mov
   5  reel.mov <- reel 03.mov
END
}

test_what_is_alone_keeps_its_name() {
    put interview_final.mov 01
    put 'Copy v3.mov' 02
    put a/cut_v2.mov 03
    put b/cut_v3.mov 04
    put b/cut_v3.txt 05
    plan | sort >../out
    diff -u - ../out <<'END' >&2
   1  Copy v3.mov
   1  a/cut_v2.mov
   1  b/cut_v3.mov
   1  b/cut_v3.txt
   1  interview_final.mov
END
}

test_order_by_time() {
    put cut_v1.mov 05
    put cut_v2.mov 03
    plan --by name >../out
    printf '   1  cut.mov <- cut_v1.mov\n   2  cut.mov <- cut_v2.mov\n' |
        diff -u - ../out >&2
    plan --by time >../out
    printf '   1  cut.mov <- cut_v2.mov\n   2  cut.mov <- cut_v1.mov\n' |
        diff -u - ../out >&2
}

test_a_rule_of_the_user() {
    put P7-cut-a12.mov 01
    put P7-cut-a9.mov 02
    put P7-other.mov 03
    put cut_v2.mov 04
    plan --pattern '^P7-(.*)-a([0-9]+)' >../out
    diff -u - ../out <<'END' >&2
   1  P7-other.mov
   1  cut_v2.mov
   2  cut.mov <- P7-cut-a9.mov
   3  cut.mov <- P7-cut-a12.mov
END
    expect_failure 1 dits import folder --pattern '(' ../old
    expect_match "the pattern '\(' is wrong" stderr
    expect_failure 1 dits import folder --pattern '(.*)' ../old
    expect_match 'has no two groups' stderr
    put cut.mov.a1 05
    put cut.mov.a2 06
    put cut.mov 07
    expect_failure 1 dits import folder --pattern '^(.*)[.]a([0-9])$' ../old
    expect_match "two different files would both be 'cut.mov'" stderr
    expect_equal '' "$(dits branch)"
}

test_the_branch() {
    put cut_v1.mov 01
    put cut_v2.mov 02
    dits import folder -q ../old -b old/takes
    expect_failure 1 dits import folder ../old -b old/takes
    expect_match "there is a branch 'old/takes' already" stderr
    put cut_v3.mov 03
    dits import folder -q --force ../old -b old/takes
    expect_equal 3 "$(dits log --format=%h old/takes | wc -l)"
    dits undo -q
    expect_equal 2 "$(dits log --format=%h old/takes | wc -l)"
    expect_failure 1 dits import folder ../old -b a..b
    expect_failure 1 dits import folder ../old -b main
    expect_match "'main' is the current branch" stderr
    mv ../old '../a strange~name'
    (cd '../a strange~name' && dits -C ../repo import folder -q "$PWD")
    expect_equal 3 "$(dits log --format=%h imported/a-strange-name | wc -l)"
}

test_what_cannot_be_imported() {
    expect_failure 1 dits import folder nowhere
    mkdir ../old
    expect_failure 1 dits import folder ../old
    expect_match 'there is no file in it' stderr
    mkfifo ../old/pipe
    put cut_v1.mov 01
    dits init -q ../old/inner
    dits import folder ../old 2>../said
    expect_match "'pipe' is no file, and left out" ../said
    expect_match '^imported 1 file' ../said
    python3 -c 'import os; open(b"../old/\xff", "w")'
    expect_failure 1 dits import folder --force ../old
    expect_match 'a name that cannot be stored' stderr
    dits op log >../ops
    expect_lines 1 ../ops
}

# --- git ---

make_git() {
    command -v git >/dev/null || skip "no git"
    git config --global user.name "Git User"
    git config --global user.email git@example.com
    git config --global init.defaultBranch main
    git init -q ../git
    save ../git 1 a.txt
    save ../git 2 b/c.txt
    git -C ../git tag v1
    git -C ../git tag -a v2 -m "second cut"
}

# save FOLDER TEXT FILE: a commit of one file.
save() {
    (
        cd "$1"
        mkdir -p "$(dirname "$3")"
        echo "$2" >"$3"
        git add -A
        git commit -qm "$2 in $3"
    )
}

test_branches_tags_and_files_come() {
    make_git
    dits import git ../git >../out
    expect_content 'imported 2 commits; 1 branch and 2 tags' ../out
    expect_content 1 a.txt
    expect_content 2 b/c.txt
    expect_equal '2 in b/c.txt
1 in a.txt' "$(dits log --format=%s)"
    expect_equal 'v1
v2' "$(dits tag)"
    expect_equal 'Git User <git@example.com>' "$(dits log -n 1 --format='%an <%ae>')"
    expect_equal "$(git -C ../git log -n 1 --format='%at %ct')" "$(dits log -n 1 --format='%at %ct')"
    dits status -s >../status
    expect_empty ../status
    dits reflog >../out
    expect_match 'HEAD@\{0\}: import: from git$' ../out
}

test_a_second_import_adds_what_is_new() {
    make_git
    dits import -q git ../git
    dits import git ../git >../out
    expect_content 'Already up to date.' ../out
    save ../git 3 a.txt
    dits import git ../git >../out
    expect_content 'imported 1 commit; 1 branch and 0 tags' ../out
    expect_content 3 a.txt
    expect_content 2 b/c.txt
}

test_the_same_ids_come_without_the_map() {
    make_git
    dits import -q git ../git
    dits log --format=%H >../first
    rm .dits/git-map
    dits import git ../git >../out
    expect_content 'imported 2 commits; 0 branches and 0 tags' ../out
    echo damaged >.dits/git-map
    dits import git ../git >../out
    dits log --format=%H >../second
    expect_same ../first ../second
}

test_undo_and_redo() {
    make_git
    dits import -q git ../git
    dits undo >../out
    expect_match 'dits import -q git' ../out
    expect_no_file a.txt
    expect_equal "" "$(dits tag)"
    dits redo >../out
    expect_content 1 a.txt
    expect_equal 'v1
v2' "$(dits tag)"
}

test_what_gc_removed_is_imported_again() {
    make_git
    dits import -q git ../git
    dits undo >../out
    dits config ops.expire @4000000000 # older than a day to come: all
    dits config reflog.expire @4000000000
    dits gc --prune=now >../out
    dits import git ../git >../out
    expect_content 'imported 2 commits; 1 branch and 2 tags' ../out
    dits fsck --full >../out
    expect_content 1 a.txt
}

test_branches_only_go_forward() {
    make_git
    dits import -q git ../git
    echo mine >a.txt
    dits commit -qam mine
    save ../git theirs a.txt
    expect_failure 1 dits import git ../git
    expect_match "'main' has commits that git's branch lacks" stderr
    expect_match "hint: .*--prefix" stderr
    dits import git --prefix theirs ../git >../out
    expect_content 'imported 1 commit; 1 branch and 2 tags' ../out
    expect_equal 'theirs in a.txt' "$(dits log -n 1 --format=%s theirs/main)"
    expect_content mine a.txt
    expect_equal 'theirs/v1
theirs/v2
v1
v2' "$(dits tag)"
}

test_tags_stay() {
    make_git
    dits import -q git ../git
    git -C ../git tag -f v1 HEAD~1 >/dev/null
    expect_failure 1 dits import git ../git
    expect_match "'v1' is a tag of something else here" stderr
}

test_changes_of_mine_are_not_lost() {
    make_git
    dits import -q git ../git
    save ../git 3 a.txt
    echo mine >a.txt
    expect_failure 1 dits import git ../git
    expect_match 'a.txt' stderr
    expect_content mine a.txt
    rm stderr
    dits restore a.txt
    echo kept >mine.txt
    dits import -q git ../git
    expect_content 3 a.txt
    expect_content kept mine.txt
}

test_what_is_unfinished_is_not_disturbed() {
    make_git
    dits import -q git ../git
    dits switch -qc side
    echo mine >a.txt
    dits commit -qam mine
    dits switch -q main
    echo ours >a.txt
    dits commit -qam ours
    dits reset -q --hard HEAD~1
    save ../git 3 a.txt
    dits switch -qc work main
    echo other >a.txt
    dits commit -qam other
    expect_failure 1 dits merge side
    git -C ../git branch work
    dits import -q git --branch main ../git
    expect_equal '3 in a.txt' "$(dits log -n 1 --format=%s main)"
    dits status >../out
    expect_match 'erge' ../out
    dits merge --abort
}

test_the_current_branch_waits_for_a_merge() {
    make_git
    dits import -q git ../git
    dits switch -qc side HEAD~1
    echo mine >b
    dits add b
    dits commit -qm mine
    dits switch -q main
    expect_failure 1 dits merge -q --no-commit side # b is a folder here
    save ../git 3 a.txt
    expect_failure 1 dits import git ../git
    expect_match 'merge' stderr
    expect_equal '2 in b/c.txt' "$(dits log -n 1 --format=%s main)"
}

test_one_branch() {
    make_git
    git -C ../git switch -q -c side HEAD~1
    save ../git 4 d.txt
    git -C ../git tag v3
    git -C ../git switch -q main
    dits import git --branch side ../git >../out
    expect_content 'imported 2 commits; 1 branch and 1 tag' ../out
    expect_equal v3 "$(dits tag)"
    expect_failure 1 dits import git --branch nothing ../git
    expect_match "has no branch 'nothing'" stderr
}

test_bare_packed_and_with_alternates() {
    make_git
    git -C ../git gc -q
    git -C ../git pack-refs --all
    git clone -q --bare --shared ../git ../bare
    dits import git ../bare >../out
    expect_content 'imported 2 commits; 1 branch and 2 tags' ../out
    expect_content 1 a.txt
}

test_sha256() {
    make_git
    git init -q --object-format=sha256 ../new 2>/dev/null || skip "an old git"
    save ../new 7 a.txt
    dits import git ../new >../out
    expect_content 7 a.txt
}

test_files_are_stored_as_add_stores_them() {
    make_git
    (
        cd ../git
        make_bytes small.bin 5000 1
        make_bytes middle.bin 100000 2
        make_video clip.mov 2
        seq 200000 | gzip -n >numbers.gz
        ln -s small.bin link
        git add -A
        git commit -qm files
    )
    dits import -q git ../git
    dits init -q ../other
    cp -a ./* ../other
    cd ../other
    dits add -A
    dits commit -qm files
    expect_equal "$(cd ../repo && dits log -n 1 --json | tr ',' '\n' | grep '"tree"')" \
        "$(dits log -n 1 --json | tr ',' '\n' | grep '"tree"')"
}

test_git_json() {
    make_git
    dits import --json git ../git >../out
    expect_each_line '^\{"commits": 2, "branches": 1, "tags": 2, "lfs_files": 0, "lfs_missing": 0, "submodules": 0, "unnameable": 0, "grafted": 0, "before": null, "after": "[0-9a-f]{64}"\}$' ../out
}

test_what_is_no_repository() {
    make_git
    mkdir ../empty
    expect_failure 1 dits import git ../empty
    expect_match "'../empty' is no repository of git" stderr
    expect_failure 1 dits import git ../nowhere
    git init -q ../empty
    dits import git ../empty >../out
    expect_content 'Already up to date.' ../out
}

test_a_shallow_history_stays_shallow() {
    make_git
    git clone -q --depth 1 "file://$(realpath ../git)" ../shallow
    dits import git ../shallow >../out 2>../said
    expect_match '^the history here is shallow: cut at 1 commit$' ../said
    dits fsck >../fsck
}

test_without_git() {
    make_git
    DITS_GIT=/nowhere/git expect_failure 1 dits import git ../git
    expect_match "cannot run '/nowhere/git'" stderr
    expect_match 'hint: Install git' stderr
}

# --- all ---

test_usage() {
    expect_failure 2 dits import
    expect_failure 2 dits import bundle
    expect_failure 2 dits import git
    expect_failure 2 dits import nothing x
    expect_failure 2 dits import svn ../git
    expect_failure 2 dits import bundle -b main ../first.bundle
    expect_match "'bundle' takes no '--branch'" stderr
    expect_failure 2 dits import git --force ../git
    expect_match "'git' takes no '--force'" stderr
    expect_failure 2 dits import git ../git main
    expect_match "unexpected 'main'" stderr
    expect_failure 2 dits import bundle --verify --list-heads ../first.bundle
    expect_failure 2 dits import bundle --verify ../first.bundle main
    make_bundles
    expect_failure 1 dits import bundle --prefix a..b ../first.bundle
}

run_tests
