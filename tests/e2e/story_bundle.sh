#!/bin/sh
# A film goes from the studio to a flat without a network, and back, on a disk.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    mkdir disk
    dits init -q studio
    cd studio
    make_video master.mov 6 1
    make_video interview.mov 3 2
    mkdir notes
    echo "scene one" >notes/script.txt
    dits add .
    dits commit -qm "the shoot"
    dits tag sent
    cd ..
}

bytes_of() {
    wc -c <"$1"
}

test_there_and_back_again() {
    dits -C studio export bundle -q --all ../disk/film.bundle

    dits init -q flat
    cd flat
    dits import bundle -q ../disk/film.bundle
    expect_same master.mov ../studio/master.mov
    expect_same interview.mov ../studio/interview.mov
    dits tag arrived

    # The flat trims one clip and grows a note; only that goes back.
    head -c 200000 interview.mov >trimmed
    mv trimmed interview.mov
    echo "scene two" >>notes/script.txt
    dits commit -qam "trimmed"
    echo "scene three" >>notes/script.txt
    dits commit -qam "a third scene"
    dits export bundle -q ../disk/back.bundle arrived..main
    [ "$(bytes_of ../disk/back.bundle)" -lt \
        $(($(bytes_of interview.mov) + 20000)) ] || fail "more than what is new"
    dits fsck --full >../fsck

    cd ../studio
    dits import bundle --verify ../disk/back.bundle >../out
    expect_match 'is whole: 2 commits, 1 ref' ../out
    dits import bundle -q ../disk/back.bundle
    expect_same interview.mov ../flat/interview.mov
    expect_same notes/script.txt ../flat/notes/script.txt
    dits log --format=%H >../here
    dits -C ../flat log --format=%H | diff -u - ../here
    dits status -s >../status
    expect_empty ../status
    dits fsck --full >../fsck
}

test_both_went_on() {
    dits -C studio export bundle -q --all ../disk/film.bundle
    dits init -q flat
    dits -C flat import bundle -q ../disk/film.bundle
    cd flat
    echo flat >>notes/script.txt
    dits commit -qam "in the flat"
    dits export bundle -q ../disk/back.bundle sent..main
    cd ../studio
    make_video master.mov 6 9
    dits commit -qam "another master"
    expect_failure 1 dits import bundle ../disk/back.bundle
    expect_equal "another master" "$(dits log -n 1 --format=%s)"
    rm ./stderr
    dits import bundle -q --prefix flat ../disk/back.bundle
    expect_equal "in the flat" "$(dits log -n 1 --format=%s flat/main)"
    dits switch -q flat/main
    expect_match flat notes/script.txt
    dits switch -q main
    dits fsck --full >../fsck
    dits gc --prune=now -q
    dits fsck --full >../fsck
}

test_a_disk_that_was_pulled_out() {
    dits -C studio export bundle -q --all ../disk/film.bundle
    size=$(bytes_of disk/film.bundle)
    head -c $((size / 2)) disk/film.bundle >disk/half.bundle
    dits init -q flat
    cd flat
    expect_failure 1 dits import bundle ../disk/half.bundle
    expect_match 'the end of the bundle is missing' stderr
    expect_match 'hint: .*Copy it again' stderr
    expect_equal '' "$(dits branch)"
    expect_no_file master.mov
    dits import bundle -q ../disk/film.bundle
    expect_same master.mov ../studio/master.mov
}

run_tests
