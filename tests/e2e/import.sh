#!/bin/sh
# dits import git: the history of a git repository becomes ours.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    command -v git >/dev/null || skip "no git"
    git config --global user.name "Git User"
    git config --global user.email git@example.com
    git config --global init.defaultBranch main
    git init -q git
    save git 1 a.txt
    save git 2 b/c.txt
    git -C git tag v1
    git -C git tag -a v2 -m "second cut"
    dits init -q repo
    cd repo
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
    dits import -q git ../git
    dits undo >../out
    dits config ops.expire now
    dits config reflog.expire now
    sleep 1.1
    dits gc --prune=now >../out
    dits import git ../git >../out
    expect_content 'imported 2 commits; 1 branch and 2 tags' ../out
    dits fsck --full >../out
    expect_content 1 a.txt
}

test_branches_only_go_forward() {
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
    dits import -q git ../git
    git -C ../git tag -f v1 HEAD~1 >/dev/null
    expect_failure 1 dits import git ../git
    expect_match "'v1' is a tag of something else here" stderr
}

test_changes_of_mine_are_not_lost() {
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
    dits import -q git ../git
    dits switch -qc side HEAD~1
    echo mine >b
    dits add b
    dits commit -qm mine
    dits switch -q main
    dits merge -q --no-commit side || true
    save ../git 3 a.txt
    expect_failure 1 dits import git ../git
    expect_match 'merge' stderr
    expect_equal '2 in b/c.txt' "$(dits log -n 1 --format=%s main)"
}

test_one_branch() {
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
    git -C ../git gc -q
    git -C ../git pack-refs --all
    git clone -q --bare --shared ../git ../bare
    dits import git ../bare >../out
    expect_content 'imported 2 commits; 1 branch and 2 tags' ../out
    expect_content 1 a.txt
}

test_sha256() {
    git init -q --object-format=sha256 ../new 2>/dev/null || skip "an old git"
    save ../new 7 a.txt
    dits import git ../new >../out
    expect_content 7 a.txt
}

test_files_are_stored_as_add_stores_them() {
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

test_json() {
    dits import --json git ../git >../out
    expect_each_line '^\{"commits": 2, "branches": 1, "tags": 2, "lfs_files": 0, "lfs_missing": 0, "submodules": 0, "unnameable": 0, "before": null, "after": "[0-9a-f]{64}"\}$' ../out
}

test_what_is_no_repository() {
    mkdir ../empty
    expect_failure 1 dits import git ../empty
    expect_match "'../empty' is no repository of git" stderr
    expect_failure 1 dits import git ../nowhere
    git init -q ../empty
    dits import git ../empty >../out
    expect_content 'Already up to date.' ../out
}

test_a_shallow_history_is_refused() {
    git clone -q --depth 1 "file://$(realpath ../git)" ../shallow
    expect_failure 1 dits import git ../shallow
    expect_match 'unshallow' stderr
}

test_without_git() {
    DITS_GIT=/nowhere/git expect_failure 1 dits import git ../git
    expect_match "cannot run '/nowhere/git'" stderr
    expect_match 'hint: Install git' stderr
}

test_usage() {
    expect_failure 2 dits import
    expect_failure 2 dits import git
    expect_failure 2 dits import svn ../git
}

run_tests
