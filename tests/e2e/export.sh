#!/bin/sh
# dits export: history in a bundle, and in a git repository.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
}

# --- bundles ---

make_film() {
    make_bytes clip.mov 400000 1
    echo one >notes.txt
    dits add .
    dits commit -qm one
    dits tag v1
    echo two >notes.txt
    dits commit -qam two
    dits switch -qc grade
    make_bytes clip.mov 400000 2
    dits commit -qam graded
    dits switch -q main
    dits tag -m "a message" v2
}

heads() {
    dits import bundle --list-heads "$1" | cut -d ' ' -f 2 | tr '\n' ' '
}

test_the_current_branch_is_the_default() {
    make_film
    dits export bundle ../out.bundle 2>../said
    expect_match "^wrote '../out.bundle': 2 commits, 1 ref, [0-9.]+ [KM]B" ../said
    expect_equal 'refs/heads/main ' "$(heads ../out.bundle)"
    dits export bundle -q ../out.bundle HEAD 2>../said
    expect_empty ../said
    expect_equal 'refs/heads/main ' "$(heads ../out.bundle)"
}

test_branches_and_tags() {
    make_film
    dits export bundle -q ../out.bundle v1 grade refs/heads/main main
    expect_equal 'refs/heads/grade refs/heads/main refs/tags/v1 ' \
        "$(heads ../out.bundle)"
    dits export bundle -q --all ../out.bundle
    expect_equal 'refs/heads/grade refs/heads/main refs/tags/v1 refs/tags/v2 ' \
        "$(heads ../out.bundle)"
    dits import bundle --list-heads ../out.bundle >../heads
    expect_match "^$(dits log -n 1 --format=%H grade) refs/heads/grade$" ../heads
}

test_what_is_left_out_is_not_in_it() {
    make_film
    dits export bundle -q ../whole.bundle grade
    dits export bundle -q ../part.bundle main..grade
    dits export bundle -q ../same.bundle ^main grade
    expect_same ../part.bundle ../same.bundle
    whole=$(wc -c <../whole.bundle)
    part=$(wc -c <../part.bundle)
    [ "$whole" -gt 800000 ]
    [ "$part" -gt 400000 ] && [ "$part" -lt 450000 ]
    dits import bundle --verify ../part.bundle >../out
    expect_match "^'../part.bundle' is whole: 1 commit, 1 ref" ../out
    dits export bundle -q --all ../part.bundle ^v1
    expect_equal 'refs/heads/grade refs/heads/main refs/tags/v2 ' \
        "$(heads ../part.bundle)"
}

test_nothing_to_export() {
    make_film
    expect_failure 1 dits export bundle out.bundle main..main
    expect_match 'there is nothing to export' stderr
    expect_no_file out.bundle
    dits init -q ../new
    cd ../new
    expect_failure 1 dits export bundle out.bundle
    expect_failure 1 dits export bundle --all out.bundle
    expect_match 'there is nothing to export' stderr
    expect_no_file out.bundle
}

test_only_refs_are_carried() {
    make_film
    expect_failure 1 dits export bundle out.bundle HEAD~1
    expect_match "'HEAD~1' is no branch and no tag" stderr
    expect_failure 1 dits export bundle out.bundle nowhere
    expect_match "no revision 'nowhere'" stderr
    expect_failure 1 dits export bundle --all out.bundle main
    expect_failure 1 dits export bundle out.bundle main^@
    dits switch -q --detach
    expect_failure 1 dits export bundle out.bundle
    expect_match "'HEAD' is no branch and no tag" stderr
    expect_no_file out.bundle
}

test_the_file_is_whole_or_not_there() {
    make_film
    echo precious >out.bundle
    expect_failure 1 dits export bundle out.bundle nowhere
    expect_content precious out.bundle
    expect_failure 1 dits export bundle nowhere/out.bundle
    expect_match "cannot write 'nowhere/out.bundle'" stderr
    mkdir folder
    expect_failure 1 dits export bundle folder
    expect_failure 1 dits export bundle folder/
    expect_failure 1 dits export bundle /dev/null
    [ -c /dev/null ]
    dits export bundle -q out.bundle
    dits import bundle --verify out.bundle >../out
    find . -name '.dits-*' >../left
    expect_empty ../left
}

test_bundle_json() {
    make_film
    dits export bundle --json ../out.bundle main..grade >../out
    expect_each_line '^\{"file": "../out.bundle", "refs": 1, "prerequisites": 1, "commits": 1, "chunks": [0-9]+, "bytes": [0-9]+, "grafted": 0, "obliterated": 0\}$' ../out
    dits import bundle --json --list-heads ../out.bundle >../out
    expect_each_line '^\{"name": "refs/heads/grade", "id": "[0-9a-f]{64}"\}$' ../out
    dits import bundle --json --verify ../out.bundle >../out
    expect_each_line '^\{"refs": 1, "prerequisites": 1, "commits": 1, ' ../out
}

# --- git ---

make_texts() {
    command -v git >/dev/null || skip "no git"
    git config --global user.name "Git User"
    git config --global user.email git@example.com
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
    make_texts
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
    make_texts
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
    make_texts
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
    make_texts
    dits export -q git ../git
    dits init -q ../back
    (cd ../back && dits import -q git ../git)
    expect_equal "$(dits log --format=%H)" "$(cd ../back && dits log --format=%H)"
}

test_branches_only_go_forward() {
    make_texts
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
    make_texts
    dits export -q git ../git
    dits tag -f v1 HEAD~1
    expect_failure 1 dits export git ../git
    expect_match "'v1' is a tag of something else there" stderr
    dits export git -f ../git >../out
    expect_content 'exported 0 commits; 0 branches and 1 tag' ../out
}

test_a_branch_that_is_checked_out_stays() {
    make_texts
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
    make_texts
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
    make_texts
    echo mine >a.txt
    dits stash -q
    dits export git ../git >../out
    expect_content 'exported 2 commits; 1 branch and 2 tags' ../out
    expect_equal 3 "$(git -C ../git for-each-ref | wc -l)"
}

test_something_else_is_in_the_way() {
    make_texts
    mkdir ../other
    echo mine >../other/file
    expect_failure 1 dits export git ../other
    expect_match "'../other' is no repository of git, nor empty" stderr
    expect_content mine ../other/file
}

test_a_git_that_fails() {
    make_texts
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

test_git_json() {
    make_texts
    dits export --json git ../git >../out
    expect_content '{"commits": 2, "files": 2, "lfs_files": 0, "obliterated": 0, "branches": 1, "tags": 2}' ../out
}

# --- all ---

test_usage() {
    expect_failure 2 dits export
    expect_failure 2 dits export bundle
    expect_failure 2 dits export git
    expect_failure 2 dits export svn ../x
    expect_match "'svn' is no value for 'KIND'" stderr
    expect_failure 2 dits export bundle --lfs 1M ../x
    expect_match "'bundle' takes no '--lfs'" stderr
    expect_failure 2 dits export git --all ../x
    expect_match "'git' takes no '--all'" stderr
    expect_failure 2 dits export git ../x main
    expect_match "unexpected 'main'" stderr
    expect_no_file ../x
}

run_tests
