#!/bin/sh
# Histories from git come in, go out again, and are the same: ids and all.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    command -v git >/dev/null || skip "no git"
    git config --global user.name "Git User"
    git config --global user.email git@example.com
    git config --global init.defaultBranch main
    git config --global protocol.file.allow always
    git config --global advice.nestedTag false
    git init -q git
    cd git
    tick=1700000000
}

# Each commit is a minute after the one before, in a zone of its own.
commit() {
    tick=$((tick + 60))
    GIT_AUTHOR_DATE="$tick +0530" GIT_COMMITTER_DATE="$((tick + 7)) -0800" \
        git commit -q "$@"
}

merge() {
    tick=$((tick + 60))
    GIT_AUTHOR_DATE="$tick +0000" GIT_COMMITTER_DATE="$tick +0000" \
        git merge -q --no-ff "$@"
}

save() {
    git add -A
    commit -m "$1"
}

# A film's project: lines that part and meet in all ways.
make_film() {
    mkdir -p scenes/one assets
    for number in 1 2 3 4 5 6 7 8; do
        seq $((number * 100)) >"scenes/one/shot $number.txt"
    done
    printf '\211PNG\r\n\032\n' >assets/poster.png
    : >assets/empty
    ln -s ../assets/poster.png scenes/poster
    save "first cut"
    git tag plain
    git mv "scenes/one/shot 1.txt" "scenes/one/opening.txt"
    save "a rename"
    chmod +x "scenes/one/shot 2.txt"
    save "a mode"
    commit --allow-empty -m "nothing at all"
    commit --allow-empty --allow-empty-message -m ""
    git switch -q -c grade
    echo warm >grade.txt
    save "graded"
    git switch -q main
    echo loud >mix.txt
    save "mixed"
    # criss-cross: each takes the other's old tip
    old=$(git rev-parse main)
    merge -m "grade into main" grade
    git switch -q grade
    merge -m "main into grade" "$old"
    echo cold >grade.txt
    save "graded again"
    git switch -q main
    merge -m "criss-cross" grade
    # an octopus
    for arm in a b c; do
        git switch -q -c "arm/$arm" main
        echo $arm >"arm $arm.txt"
        save "arm $arm"
    done
    git switch -q main
    merge -m "octopus" arm/a arm/b arm/c
    # a file becomes a folder and the other way round
    rm mix.txt
    mkdir mix.txt
    echo left >mix.txt/left
    rm -r assets
    echo flat >assets
    rm scenes/poster
    mkdir scenes/poster
    echo x >scenes/poster/x
    save "shapes"
    rm -r mix.txt
    echo loud >mix.txt
    save "back again"
    git tag -a annotated -m "with words" HEAD~1
    git tag -a nested -m "a tag of a tag" annotated
    git tag -a folder -m "of a folder" "HEAD^{tree}"
    git tag -a file -m "of a file" HEAD:mix.txt
    git switch -q --orphan lone
    echo alone >alone.txt
    save "alone"
    git switch -q main
}

# Names, bytes and messages that few have, but some do.
make_odd() {
    mkdir -p "a/b b/ü/日本" .hidden
    echo 1 >"a/b b/ü/日本/c c.txt"
    echo 2 >"$(printf 'new\nline')"
    echo 3 >'"quoted"'
    echo 4 >'back\slash'
    echo 5 >"$(printf 'tab\there')"
    echo 6 >"a-b"
    echo 7 >"a.b"
    echo 8 >"-dash"
    echo 9 >.hidden/.gitkeep
    save "names"
    printf 'caf\351\n' >../message
    git -c i18n.commitEncoding=ISO-8859-1 commit -q --allow-empty -F ../message
    printf '\223\372\226{\214\352\n' >../message
    git -c i18n.commitEncoding=Shift_JIS commit -q --allow-empty -F ../message
    printf 'not utf-8: \377\376, and no newline' >../message
    raw_commit <../message
    printf 'many\n\n\nnewlines\n\n\n' >../message
    raw_commit <../message
    printf '# not a comment\n\nSigned-off-by: X <x@y>\n' >../message
    raw_commit <../message
    GIT_AUTHOR_NAME="Zo\303\253" GIT_AUTHOR_DATE="1 +1400" commit --allow-empty -m "an old time"
    GIT_AUTHOR_DATE="4000000000 -1145" git commit -q --allow-empty -m "a late time"
    git rm -qr .
    commit -m "an empty tree"
    echo again >again.txt
    save "again"
    printf 'object %s\ntype commit\ntag old\n\nwithout a tagger\n' "$(git rev-parse HEAD)" |
        git hash-object -t tag -w --stdin >../id
    git update-ref refs/tags/old "$(cat ../id)"
}

raw_commit() {
    git commit-tree 'HEAD^{tree}' -p HEAD 2>/dev/null >../id
    git reset -q --soft "$(cat ../id)"
}

# Clips in Git LFS, another repository inside, and a signature.
make_media() {
    git lfs install --local >/dev/null
    git lfs track '*.mov' >/dev/null
    make_bytes clip.mov 300000 1
    make_bytes small.mov 2000 2
    echo notes >notes.txt
    save "clips"
    make_bytes clip.mov 310000 3
    save "another take"
    git switch -q -c inside
    git init -q ../other
    (cd ../other && echo o >o && git add o && commit -m other)
    git submodule -q add ../other parts/other
    save "with a repository inside"
    git switch -q main 2>/dev/null
    git switch -q -c signed
    git cat-file commit HEAD | sed '/^committer/a\
gpgsig -----BEGIN PGP SIGNATURE-----\
 \
 abc\
 -----END PGP SIGNATURE-----' | git hash-object -t commit -w --stdin >../id
    git reset -q --soft "$(cat ../id)"
    git switch -q main
}

bring_in() {
    dits init -q ../repo
    (cd ../repo && dits import git ../git >../imported 2>../warnings && dits fsck --full >../fsck)
}

bring_out() {
    (cd ../repo && dits export git "$@" ../back >../exported)
    git -C ../back fsck >../fsck 2>&1
}

refs_of() {
    git -C "$1" for-each-ref --format='%(objectname) %(refname)' refs/heads refs/tags
}

expect_same_ids() {
    refs_of . >../wanted
    refs_of ../back | diff -u ../wanted - >&2 || fail "the ids differ"
}

# Every commit of a branch, by its place in git's order; but for submodules.
expect_same_trees() {
    git rev-list --topo-order "$1" >../ours
    git -C ../back rev-list --topo-order "$1" >../theirs
    expect_lines "$(wc -l <../ours)" ../theirs
    paste ../ours ../theirs | while read -r ours theirs; do
        git ls-tree -r "$ours" | grep -v '^160000' >../ours.tree || :
        git -C ../back ls-tree -r "$theirs" >../theirs.tree
        diff -u ../ours.tree ../theirs.tree >&2 || fail "the tree of $ours differs"
    done
}

test_a_film() {
    make_film
    bring_in
    expect_empty ../warnings
    bring_out
    expect_same_ids
    for branch in main grade lone arm/a; do
        expect_same_trees $branch
    done
    for path in mix.txt "scenes/one/opening.txt" scenes/poster/x; do
        git show "main:$path" >../ours.bytes
        (cd ../repo && dits cat "main:$path") >../theirs.bytes
        expect_same ../ours.bytes ../theirs.bytes
    done
    expect_equal "$(git log --format='%at %s' main | sort)" \
        "$(cd ../repo && dits log --format='%at %s' main | sort)"
    git archive main | tar -x -C "$(mkdir -p ../plain && echo ../plain)"
    diff -r --no-dereference --exclude=.dits ../plain ../repo >&2 ||
        fail "the files differ"
}

test_a_film_through_a_pipe() {
    make_film
    git tag -d folder >/dev/null # has no place in the stream
    bring_in
    git init -q --bare ../back
    (cd ../repo && dits fast-export --all) | git -C ../back fast-import --quiet
    expect_same_ids
}

test_odd_things() {
    make_odd
    bring_in
    expect_empty ../warnings
    bring_out
    expect_same_ids
    expect_same_trees main
    expect_equal 'café
日本語' "$(cd ../repo && dits log --format=%s | grep -x -e café -e 日本語 | sort)"
}

test_a_film_packed_and_bare() {
    make_film
    git repack -adq --depth=50 --window=50
    git pack-refs --all
    git clone -q --bare --reference . . ../bare
    dits init -q ../repo
    (cd ../repo && dits import -q git ../bare)
    bring_out
    expect_same_ids
}

test_media() {
    command -v git-lfs >/dev/null || skip "no git-lfs"
    make_media
    bring_in
    expect_match '3 from the store of Git LFS' ../imported
    expect_match "the submodule 'other' is left out" ../warnings
    expect_same clip.mov ../repo/clip.mov
    expect_equal 310000 "$(cd ../repo && dits cat main:clip.mov | wc -c)"
    expect_equal 300000 "$(cd ../repo && dits cat main~1:clip.mov | wc -c)"
    bring_out --lfs 1000
    expect_equal "$(git rev-parse main)" "$(git -C ../back rev-parse main)"
    expect_same_trees main
    expect_same_trees inside
    expect_same_trees signed
    git -C ../back lfs fsck --objects main >../out
    expect_match 'OK' ../out
    git clone -q ../back ../again
    expect_same clip.mov ../again/clip.mov
}

test_media_whose_store_is_elsewhere_or_missing() {
    command -v git-lfs >/dev/null || skip "no git-lfs"
    make_media
    mv .git/lfs ../lfs
    bring_in
    expect_match '3 missing there' ../imported
    expect_match 'of Git LFS is missing: the pointer is kept' ../warnings
    expect_equal 'version https://git-lfs.github.com/spec/v1' "$(head -n 1 ../repo/clip.mov)"
    cd ../repo
    dits import git --lfs ../lfs --prefix whole ../git >../imported 2>../warnings
    expect_match '3 from the store of Git LFS' ../imported
    expect_equal 310000 "$(dits cat whole/main:clip.mov | wc -c)"
    find ../lfs/objects -type f | while read -r file; do
        chmod u+w "$file"
        patch_byte "$file" 100
    done
    dits init -q ../third
    cd ../third
    dits import git --lfs ../lfs ../git >../imported 2>../warnings
    expect_match 'of Git LFS is damaged' ../warnings
    expect_match '3 missing there' ../imported
}

# damage FILE HOW OFFSET
damage() {
    chmod u+w "$1"
    if [ "$2" = cut ]; then
        truncate -s "$3" "$1"
    else
        patch_byte "$1" "$3"
    fi
}

# An import of damaged history says so and leaves nothing, or loses nothing.
expect_told_or_whole() {
    rm -rf ../victim
    dits init -q ../victim
    status=0
    (cd ../victim && dits import git ../damaged) >../out 2>../said || status=$?
    case $status in
    0)
        rm -rf ../victim-back
        (cd ../victim && dits export -q git ../victim-back)
        refs_of . >../wanted
        refs_of ../victim-back | diff -u ../wanted - >&2 || fail "$1: came in changed"
        whole=$((whole + 1))
        ;;
    1)
        expect_match '^dits: ' ../said
        (cd ../victim && dits fsck >../fsck && dits branch >../branches)
        expect_empty ../branches
        told=$((told + 1))
        if grep -Eq '[0-9a-f]{40}' ../said; then named=$((named + 1)); fi
        ;;
    *) fail "$1: status $status" ;;
    esac
}

test_damaged_packs() {
    make_film
    git gc -q
    told=0 whole=0 named=0
    pack=$(cd .git && ls objects/pack/*.pack)
    for file in "$pack" "${pack%.pack}.idx"; do
        size=$(stat -c %s ".git/$file")
        for how in flip cut; do
            for part in 1 2 3 4 5 6 7; do
                rm -rf ../damaged
                cp -r . ../damaged
                damage "../damaged/.git/$file" $how $((size * part / 8))
                expect_told_or_whole "$file $how $part"
            done
        done
    done
    echo "told $told, named $named, whole $whole"
    [ $told -gt 10 ] || fail "only $told were told"
    [ $named -gt 5 ] || fail "only $named named the object"
}

test_damaged_loose_objects() {
    make_film
    told=0 whole=0 named=0
    (cd .git && ls objects/??/*) | awk 'NR % 5 == 1' >../objects
    while read -r object; do
        size=$(stat -c %s ".git/$object")
        for how in flip cut gone; do
            rm -rf ../damaged
            cp -r . ../damaged
            if [ $how = gone ]; then
                rm -f "../damaged/.git/$object"
            else
                damage "../damaged/.git/$object" $how $((size / 2))
            fi
            expect_told_or_whole "$object $how"
        done
    done <../objects
    echo "told $told, named $named, whole $whole"
    [ $told -gt 20 ] || fail "only $told were told"
    expect_equal $told $named
}

# One object under the name of another: git itself does not notice.
test_an_object_in_the_place_of_another() {
    make_film
    one=$(git rev-parse main:mix.txt)
    other=$(git rev-parse "main:arm a.txt")
    cp -r . ../damaged
    rm -f "../damaged/.git/objects/$(echo "$one" | cut -c 1-2)/$(echo "$one" | cut -c 3-)"
    cp ".git/objects/$(echo "$other" | cut -c 1-2)/$(echo "$other" | cut -c 3-)" \
        "../damaged/.git/objects/$(echo "$one" | cut -c 1-2)/$(echo "$one" | cut -c 3-)"
    dits init -q ../victim
    cd ../victim
    expect_failure 1 dits import git ../damaged
    expect_match "$one" stderr
}

# Killed at many instants, an export leaves what there was, and can go on.
test_a_killed_export() {
    make_film
    bring_in
    dits init -q ../half
    for wait in 0 01 02 03 05 08 12; do
        (cd ../repo && timeout -s KILL "0.$wait" dits export git ../back >../out 2>&1) || :
        if [ -d ../back/refs ] && git -C ../back rev-parse -q --verify main >../out; then
            git -C ../back fsck >../fsck 2>&1
        fi
    done
    bring_out
    expect_same_ids
}

test_a_killed_import() {
    make_film
    dits init -q ../repo
    for wait in 0 01 02 03 05 08 12; do
        (cd ../repo && timeout -s KILL "0.$wait" dits import git ../git >../out 2>&1) || :
        (cd ../repo && dits fsck --full >../fsck)
    done
    (cd ../repo && dits import -q git ../git 2>../said)
    bring_out
    expect_same_ids
}

run_tests
