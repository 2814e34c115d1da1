#!/bin/sh
# dits export git: our history becomes that of a git repository.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    command -v git >/dev/null || skip "no git"
    git config --global user.name "Git User"
    git config --global user.email git@example.com
    dits init -q repo
    cd repo
    save one a.txt
    save two b/c.txt
    dits tag v1
    dits tag -m "second cut" v2
}

save() {
    mkdir -p "$(dirname "$2")"
    echo "$1" >"$2"
    dits add .
    dits commit -qm "$1"
}

test_a_new_repository() {
    dits export git ../git >../out
    expect_content 'exported 2 commits; 1 branch and 2 tags' ../out
    expect_equal true "$(git -C ../git rev-parse --is-bare-repository)"
    expect_equal 'two
one' "$(git -C ../git log --format=%s main)"
    expect_equal one "$(git -C ../git show main:a.txt)"
    expect_equal two "$(git -C ../git show main:b/c.txt)"
    expect_equal 'commit
tag' "$(git -C ../git for-each-ref --format='%(objecttype)' refs/tags)"
    expect_equal 'Test Editor <editor@example.com>' "$(git -C ../git log -n 1 --format='%an <%ae>' v2)"
    git -C ../git fsck --strict 2>../out
    expect_empty ../out
}

test_a_second_export_adds_what_is_new() {
    dits export -q git ../git
    dits export git ../git >../out
    expect_content 'Already up to date.' ../out
    save three a.txt
    dits export git ../git >../out
    expect_content 'exported 1 commit; 1 branch and 0 tags' ../out
    expect_equal three "$(git -C ../git show main:a.txt)"
    rm .dits/git-map
    dits export git ../git >../out
    expect_content 'exported 3 commits; 0 branches and 0 tags' ../out
    dits export git ../other >../out
    expect_content 'exported 3 commits; 1 branch and 2 tags' ../out
    expect_equal "$(git -C ../git rev-parse main)" "$(git -C ../other rev-parse main)"
}

test_what_was_exported_is_known_to_an_import() {
    dits export -q git ../git
    git clone -q ../git ../clone
    (cd ../clone && echo theirs >a.txt && git commit -qam theirs)
    dits import git ../clone >../out
    expect_content 'imported 1 commit; 1 branch and 0 tags' ../out
    expect_content theirs a.txt
    dits export git ../git >../out
    expect_content 'exported 1 commit; 1 branch and 0 tags' ../out
    expect_equal "$(git -C ../clone rev-parse main)" "$(git -C ../git rev-parse main)"
}

test_a_repository_of_ours_comes_back_the_same() {
    dits export -q git ../git
    dits init -q ../back
    (cd ../back && dits import -q git ../git)
    expect_equal "$(dits log --format=%H)" "$(cd ../back && dits log --format=%H)"
}

test_branches_only_go_forward() {
    dits export -q git ../git
    git clone -q ../git ../clone
    (cd ../clone && echo theirs >a.txt && git commit -qam theirs && git push -q)
    save mine a.txt
    expect_failure 1 dits export git ../git
    expect_match "'main' has commits there that are not here" stderr
    expect_equal theirs "$(git -C ../git show main:a.txt)"
    dits export git --force ../git >../out
    expect_equal mine "$(git -C ../git show main:a.txt)"
}

test_tags_stay() {
    dits export -q git ../git
    dits tag -f v1 HEAD~1
    expect_failure 1 dits export git ../git
    expect_match "'v1' is a tag of something else there" stderr
    dits export git -f ../git >../out
    expect_content 'exported 0 commits; 0 branches and 1 tag' ../out
}

test_a_branch_that_is_checked_out_stays() {
    dits export -q git ../git
    git clone -q ../git ../clone
    save three a.txt
    expect_failure 1 dits export git ../clone
    expect_match "'main' is checked out there" stderr
    git -C ../clone switch -q --detach
    dits export git ../clone >../out
    expect_equal three "$(git -C ../clone show main:a.txt)"
}

test_large_files_go_to_lfs() {
    make_bytes clip.mov 300000
    dits add .
    dits commit -qm clip
    dits export git --lfs 100k ../git >../out
    expect_match '1 into the store of Git LFS' ../out
    sum=$(sha256sum clip.mov | cut -d ' ' -f 1)
    printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 300000\n' "$sum" >../wanted
    git -C ../git show main:clip.mov >../out
    expect_same ../wanted ../out
    expect_same clip.mov "../git/lfs/objects/$(echo "$sum" | cut -c 1-2)/$(echo "$sum" | cut -c 3-4)/$sum"
    expect_equal one "$(git -C ../git show main:a.txt)"
    expect_failure 2 dits export git --lfs much ../git
}

test_a_stash_stays_here() {
    echo mine >a.txt
    dits stash -q
    dits export git ../git >../out
    expect_content 'exported 2 commits; 1 branch and 2 tags' ../out
    expect_equal 3 "$(git -C ../git for-each-ref | wc -l)"
}

test_something_else_is_in_the_way() {
    mkdir ../other
    echo mine >../other/file
    expect_failure 1 dits export git ../other
    expect_match "'../other' is no repository of git, nor empty" stderr
    expect_content mine ../other/file
}

test_a_git_that_fails() {
    dits export -q git ../git
    save three a.txt
    chmod -R a-w ../git/objects
    held_back dits export git ../git 2>stderr && fail "it went well"
    expect_match "git cannot take the history in" stderr
    chmod -R u+w ../git/objects
    rm stderr
    dits export git ../git >../out
    expect_content 'exported 1 commit; 1 branch and 0 tags' ../out
}

test_json() {
    dits export --json git ../git >../out
    expect_content '{"commits": 2, "files": 2, "lfs_files": 0, "branches": 1, "tags": 2}' ../out
}

test_usage() {
    expect_failure 2 dits export
    expect_failure 2 dits export svn ../x
}

run_tests
