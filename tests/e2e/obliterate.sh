#!/bin/sh
# dits obliterate: content goes from all history, and says so.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    make_bytes secret.mov 300000 1
    make_bytes other.mov 200000 2
    dits add .
    dits commit -qm one
    make_bytes secret.mov 310000 3
    dits commit -qam two
    dits switch -qc cut
    dits rm -q secret.mov
    dits commit -qm three
}

# The bytes of the two versions are in no pack any more.
expect_no_trace() {
    python3 - <<'END'
import glob, random, sys
stored = b"".join(open(name, "rb").read() for name in glob.glob(".dits/packs/*"))
for seed in "1", "3":
    part = random.Random(seed).randbytes(300000)[150000:150016]
    if part in stored:
        sys.exit(f"a part of version {seed} is stored")
END
}

# asset_of PATH REVISION
asset_of() {
    dits ls --json "$2" |
        sed -n 's/.*"path": "'"$1"'".*"id": "\([0-9a-f]*\)".*/\1/p'
}

test_all_versions_go() {
    before=$(dits log --format=%H)
    dits obliterate -n secret.mov >../out
    expect_match '^[0-9a-f]{64}  300.0 KB$' ../out
    expect_last_line 'would obliterate 2 versions: [0-9]+ chunks \(610.0 KB\)' ../out
    dits cat main:secret.mov >../clip
    dits obliterate --yes --reason='the licence ended' secret.mov >../out
    expect_match '^obliterated 2 versions: [0-9]+ chunks \(610.0 KB\)$' ../out
    expect_no_trace
    expect_equal "$before" "$(dits log --format=%H)"
    for revision in main main~1; do
        expect_failure 1 dits cat "$revision:secret.mov" >../clip
        expect_match 'obliterated on [0-9]{4}-[0-9]{2}-[0-9]{2} by Test Editor: the licence ended' stderr
    done
    dits cat other.mov >../clip
    expect_same other.mov ../clip
}

test_checks_know_of_it() {
    dits obliterate -q --yes secret.mov
    dits fsck --full >../out
    expect_match 'chunks were obliterated on purpose' ../out
    expect_match '^nothing is damaged$' ../out
    dits gc -q --prune=now
    dits verify -q
    dits stats >../out
    dits fsck --full -q
}

test_what_compares_files_passes_it_over() {
    seq 3000 >list.txt
    dits add list.txt
    dits commit -qm list
    dits obliterate -q --yes list.txt
    seq 3001 >longer.txt
    rm list.txt
    dits add -A
    dits status -s >../out
    printf 'D  list.txt\nA  longer.txt\n' | diff -u - ../out
    dits commit -qm longer
    dits diff HEAD~1 --name-status >../out
    printf 'D\tlist.txt\nA\tlonger.txt\n' | diff -u - ../out
    dits diff HEAD~1 --stat >../out
    expect_match '^ list.txt ' ../out
    dits log -p >../out
    expect_match '^Binary files differ$' ../out
    expect_match '^    list$' ../out
    expect_match '^    one$' ../out
    dits grep -c 3000 HEAD~1 >../out 2>../said || :
    expect_match "'list.txt' is not searched: its content was obliterated" ../said
}

test_switching_leaves_it_out() {
    dits obliterate -q --yes secret.mov
    dits switch main 2>../warnings
    expect_match "'secret.mov' is not written: its content was obliterated" ../warnings
    expect_no_file secret.mov
    expect_file other.mov
    dits status -s >../out
    expect_match '^ D secret.mov$' ../out
    dits switch -q cut 2>../warnings
    dits status -s >../out
    expect_empty ../out
}

test_a_file_that_is_there_gives_way() {
    dits switch -q main
    dits restore --source main~1 secret.mov
    dits commit -qam back
    dits obliterate -q --yes --asset "$(asset_of secret.mov main~1)"
    dits cat secret.mov >../clip
    expect_same secret.mov ../clip
    dits switch -q --detach main~1 2>../warnings
    expect_no_file secret.mov
    dits switch -q main
    expect_same secret.mov ../clip
}

test_what_is_shared_stays() {
    cat secret.mov >copy.mov 2>/dev/null || dits cat main:secret.mov >copy.mov
    cat copy.mov other.mov >longer.mov
    dits add longer.mov
    dits commit -qm longer
    dits obliterate --yes secret.mov >../out
    dits cat longer.mov >../clip
    expect_same longer.mov ../clip
    dits fsck --full -q
}

test_by_content_and_json() {
    dits cat main:secret.mov >../clip
    hash=$(dits ls --json main | sed -n 's/.*"path": "secret.mov".*"content": "\([0-9a-f]*\)".*/\1/p')
    [ -n "$hash" ] || skip "ls tells no content"
    dits obliterate --json --yes --content "$hash" >../out
    expect_last_line '\{"level": "result", "assets": 1, "chunks": [1-9][0-9]*, "bytes": 310000, "kept_chunks": 0, "kept_bytes": 0\}' ../out
}

test_adding_it_again_brings_it_back() {
    dits cat main:secret.mov >../clip
    dits obliterate -q --yes secret.mov
    cp ../clip again.mov
    dits add again.mov
    dits cat main:secret.mov >../back
    expect_same ../clip ../back
    dits switch -q main
    expect_same ../clip secret.mov
}

test_undo_does_not_bring_it_back() {
    dits switch -q main
    dits obliterate -q --yes secret.mov
    dits undo >../out
    expect_match '^undid operation [0-9]+: dits switch' ../out
    expect_failure 1 dits cat main:secret.mov
}

test_the_only_copy_stays_in_the_work_tree() {
    dits switch -q main
    dits mv secret.mov new.mov
    dits commit -qm renamed
    cp new.mov ../clip
    dits obliterate -q --yes new.mov
    dits undo -q
    dits undo >../out 2>../warnings
    expect_match "'new.mov' is left where it is: its content was obliterated" ../warnings
    expect_status ' D secret.mov
?? new.mov
'
    dits redo -q
    dits redo -q
    expect_status ''
    expect_same ../clip new.mov
    dits switch -q cut
    expect_same ../clip new.mov
    dits switch -q main
    expect_status ''
}

test_the_only_copy_is_not_written_over() {
    dits switch -q main
    cp secret.mov ../clip
    dits rm -q --cached secret.mov
    mkdir ../away
    mv secret.mov ../away
    mkdir secret.mov
    echo 1 >secret.mov/list
    dits add secret.mov
    dits commit -qm folder
    dits switch -qc files main~1
    dits obliterate -q --yes --asset "$(asset_of secret.mov main~1)"
    cp ../clip secret.mov
    expect_failure 1 dits switch main
    expect_match "changes would be lost in 'secret.mov'" stderr
    expect_failure 1 dits switch -f main
    expect_failure 1 dits restore --source main~2 secret.mov
    expect_same ../clip secret.mov
    expect_failure 1 dits cat main~1:secret.mov
}

test_a_bundle_carries_the_record() {
    dits obliterate -q --yes --reason='the licence ended' secret.mov
    dits export bundle --all ../film.bundle 2>../out
    expect_last_line '2 versions of files without content: it was obliterated' ../out
    dits import bundle --verify ../film.bundle 2>../out
    expect_last_line '2 versions of files without content: it was obliterated' ../out
    dits init -q ../other
    cd ../other
    dits import bundle ../film.bundle 2>../out
    expect_last_line '2 versions of files without content: it was obliterated' ../out
    dits fsck --full >../out
    expect_match 'chunks were obliterated on purpose' ../out
    expect_match '^nothing is damaged$' ../out
    dits switch -q cut
    dits switch main 2>../warnings
    expect_match "'secret.mov' is not written: its content was obliterated" ../warnings
    expect_failure 1 dits cat main:secret.mov
    expect_match 'obliterated on [0-9-]* by Test Editor: the licence ended' stderr
    dits gc -q --prune=now
    dits export bundle -q --all ../again.bundle
    dits import bundle -q --verify ../again.bundle
}

test_a_bundle_of_what_is_whole_says_nothing_of_it() {
    dits obliterate -q --yes --reason='a secret reason' secret.mov
    dits tag -q whole
    dits export bundle ../film.bundle whole ^main 2>../out
    expect_lines 1 ../out
    ! grep -q 'a secret reason' ../film.bundle || fail "the reason is in it"
}

test_what_goes_to_git_says_so() {
    command -v git >/dev/null || skip "no git"
    dits obliterate -q --yes --reason='the licence ended' secret.mov
    git init -q --bare ../film.git
    dits fast-export --all 2>../warnings >../stream
    expect_match 'warning: 2 versions of files were obliterated' ../warnings
    git -C ../film.git fast-import --quiet <../stream
    for revision in main main~1; do
        git -C ../film.git show "$revision:secret.mov" >../text
        expect_lines 1 ../text
        expect_match '^The content of this file is not here: it was obliterated on [0-9-]* by Test Editor: the licence ended$' ../text
    done
    git -C ../film.git show main:other.mov >../clip
    dits cat other.mov | cmp - ../clip
    dits export git --json ../other.git >../out 2>../warnings
    expect_match '"obliterated": 2' ../out
    expect_match 'warning: 2 versions of files were obliterated' ../warnings
    expect_equal "$(git -C ../film.git rev-parse main)" "$(git -C ../other.git rev-parse main)"
    git -C ../other.git fsck --strict
}

test_blame_passes_it_over() {
    seq 3 >list.txt
    dits add list.txt
    dits commit -qm list
    seq 4 >list.txt
    dits commit -qam longer
    seq 5 >list.txt
    dits commit -qam longest
    dits obliterate -q --yes --asset "$(asset_of list.txt HEAD~1)"
    dits blame list.txt 2>../warnings >../out
    expect_match "warning: 1 older version of 'list.txt' was obliterated" ../warnings
    sed 's/ .*//' ../out >../ids
    list=$(dits log -1 --format=%H HEAD~2 | cut -c 1-8)
    longest=$(dits log -1 --format=%H | cut -c 1-8)
    printf '%s\n' "$list" "$list" "$list" "$longest" "$longest" | diff -u - ../ids
}

test_an_archive_leaves_it_out() {
    dits obliterate -q --yes secret.mov
    dits archive main 2>../warnings >../files.tar
    expect_match "'secret.mov' is left out: its content was obliterated" ../warnings
    tar tf ../files.tar >../out
    expect_content other.mov ../out
}

test_nobody_is_asked() {
    expect_failure 2 dits obliterate secret.mov
    expect_match 'nothing takes this back' stderr
    dits cat main:secret.mov >../clip
}

test_nothing_to_go_on_with() {
    dits obliterate --continue >../out
    expect_content 'obliterated 0 versions: 0 chunks (0 bytes)' ../out
}

test_what_makes_no_sense() {
    expect_failure 2 dits obliterate
    expect_failure 2 dits obliterate --continue secret.mov
    expect_failure 1 dits obliterate --yes nothing.mov
    expect_failure 1 dits obliterate --yes --asset zzzz
    expect_failure 1 dits obliterate --yes --asset 00000000
    expect_failure 1 dits obliterate --yes --content abc
    mkdir folder
    echo 1 >folder/file
    dits add folder
    expect_failure 1 dits obliterate --yes folder
    expect_match 'is a folder' stderr
}

run_tests
