#!/bin/sh
# dits cat: stored bytes come out as they went in.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    mkdir shots
    make_bytes shots/clip.mov 3000000
    printf 'one' >a.txt
    dits add .
    dits commit -qm one
    printf 'two' >a.txt
    dits add a.txt
}

test_bytes_are_the_same() {
    dits cat shots/clip.mov >../out
    expect_same shots/clip.mov ../out
}

test_revisions() {
    expect_equal one "$(dits cat HEAD:a.txt)"
    expect_equal one "$(dits cat a.txt)"
    expect_equal two "$(dits cat :a.txt)"
    expect_equal one "$(dits cat -r main a.txt)"
    expect_equal oneone "$(dits cat a.txt a.txt)"
}

test_paths_are_seen_from_where_one_is() {
    cd shots
    dits cat clip.mov >../../out
    expect_same clip.mov ../../out
    expect_equal one "$(dits cat HEAD:a.txt)"
    expect_equal one "$(dits cat ../a.txt)"
}

test_a_range_of_bytes() {
    dits cat --bytes 1000-1999 shots/clip.mov >../out
    tail -c +1001 shots/clip.mov | head -c 1000 >../wanted
    expect_same ../wanted ../out
    expect_equal ne "$(dits cat --bytes -2 a.txt)"
    expect_equal ne "$(dits cat -b 1- a.txt)"
    expect_failure 1 dits cat --bytes 3- a.txt
    expect_match 'it has 3 bytes, and none in that range' stderr
    expect_failure 1 dits cat --bytes 5 a.txt
}

test_what_has_no_fragments_says_so() {
    expect_failure 1 dits cat --fragments 1 shots/clip.mov
    expect_match 'no movie with fragments' stderr
    expect_match 'hint: Only fragmented MP4 or CMAF' stderr
    expect_failure 1 dits cat --fragments 0 shots/clip.mov
    expect_match 'is no range of numbers' stderr
    expect_failure 1 dits cat --time 1..2 --fragments 1 shots/clip.mov
}

test_an_empty_file() {
    : >empty
    dits add empty
    dits cat :empty >../out
    expect_empty ../out
}

test_a_reader_may_stop_early() {
    dits cat shots/clip.mov | head -c 10 >../out
    expect_equal 10 "$(wc -c <../out)"
}

test_a_full_disk_is_told() {
    [ -c /dev/full ] || skip "no /dev/full"
    expect_failure 1 dits cat shots/clip.mov >/dev/full
    expect_match 'cannot write to standard output' stderr
}

test_what_is_not_there() {
    expect_failure 1 dits cat nothing.mov
    expect_match "^dits: cannot print 'nothing.mov'$" stderr
    echo text >disk.txt
    for option in --bytes=0- --fragments=1; do
        expect_failure 1 dits cat "$option" disk.txt
        expect_match "no file 'disk.txt' in HEAD" stderr
        expect_match "hint: Only stored files are printed: 'dits add'" stderr
    done
    expect_failure 1 dits cat shots
    expect_failure 1 dits cat nope:a.txt
    expect_failure 2 dits cat
    expect_failure 2 dits cat --json a.txt
}

run_tests
