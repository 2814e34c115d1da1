#!/bin/sh
# dits blame: who changed each line last.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=pair.sh
. "$(dirname "$0")/pair.sh"

setup() {
    dits init -q repo
    cd repo
    printf 'a\nb\nc\n' >f.txt
    dits add .
    DITS_DATE=@1700000000 dits commit -qm one
    printf 'a\nB\nc\nd\n' >f.txt
    DITS_DATE=@1700000060 dits commit -qam two --author "Ada <ada@example.com>"
}

test_each_line_has_its_commit() {
    dits blame f.txt >../out
    expect_lines 4 ../out
    expect_match '^\^[0-9a-f]{7} \(Test Editor 2023-11-14 22:13:20 \+0000 1\) a$' ../out
    expect_match '^[0-9a-f]{8} \(Ada         2023-11-14 22:14:20 \+0000 2\) B$' ../out
    echo mine >>f.txt
    dits blame -s -L 5 f.txt >../out
    expect_content '00000000 5) mine' ../out
    dits blame HEAD~1 -- f.txt >../out
    expect_lines 3 ../out
    expect_no_match Ada ../out
}

test_options() {
    dits blame -e -L 2,+1 --date=short f.txt >../out
    expect_match '^[0-9a-f]{8} \(<ada@example.com> 2023-11-14 2\) B$' ../out
    dits blame -l -s -n -f -L /d/ f.txt >../out
    expect_match '^[0-9a-f]{64} f.txt 4 4\) d$' ../out
    printf 'a\n B\nc\nd\n' >f.txt
    dits blame -s -w f.txt >../out
    expect_no_match '^0000' ../out
    dits blame --json -L 2,2 f.txt >../out
    expect_match '^\{"line": 2, "commit": null, "path": "f.txt", "origin_line": 2, "author_name": "Not Committed Yet", .*"text": " B"\}$' ../out
}

test_below_a_folder() {
    mkdir d
    cd d
    dits blame -s ../f.txt >../../out
    expect_lines 4 ../../out
    expect_match '^\^[0-9a-f]{7} 1\) a$' ../../out
}

test_what_has_no_lines() {
    printf 'clip\0' >clip.mov
    dits add .
    dits commit -qm clip
    expect_failure 1 dits blame clip.mov
    expect_match "'clip.mov' is no text" stderr
    expect_match "hint: .*dits log -- PATH" stderr
    expect_failure 1 dits blame HEAD -- clip.mov
    truncate -s 100M large.txt
    dits add large.txt
    expect_failure 1 dits blame large.txt
    expect_match "too large for a text" stderr
    : >empty
    dits add empty
    dits blame empty >../out
    expect_empty ../out
}

test_unknown_operands_and_usage() {
    expect_failure 1 dits blame nothing
    expect_failure 1 dits blame HEAD -- nothing
    expect_failure 1 dits blame nothing -- f.txt
    expect_failure 1 dits blame -L 9 f.txt
    expect_match "the file has only 4 lines" stderr
    expect_failure 1 dits blame -L x f.txt
    expect_match "hint: Write 10,20" stderr
    expect_failure 2 dits blame
    expect_failure 2 dits blame HEAD v1 -- f.txt
}

# Without what both cannot have alike: ids' digits.
compare_blame() {
    compare blame --porcelain "$@"
    for options in "-s -n" "-e --date=raw"; do
        # shellcheck disable=SC2086 # a list of options
        (cd "$top/git" && git blame $options "$@") >"$top/git.out"
        # shellcheck disable=SC2086 # a list of options
        (cd "$top/dits" && dits blame $options "$@") >"$top/dits.out"
        [ -s "$top/git.out" ] || fail "git says nothing: $*"
        name_ids git
        name_ids dits
        diff -u "$top/git.said" "$top/dits.said" >&2 || fail "blame $options $*"
    done
}

# shellcheck disable=SC2016 # text for awk and sed
test_as_git_does() {
    cd ..
    make_pair
    git -C git config user.name "Test Editor"
    edit 'seq 1 60 >f; printf "one\n\ntwo\n\nthree\n" >g'
    commit c1
    edit 'sed -i "5s/.*/five/;20,25d;40a new one\nnew two" f; printf "zero\none\n\n\ntwo\nthree" >g'
    commit c2
    both branch side
    edit 'sed -i "1i top" f; sed -i "s/^  *//;10s/^/  /" f'
    commit c3
    edit 'git mv f renamed 2>/dev/null || dits mv f renamed'
    commit "renamed on main"
    edit 'sed -i "30s/.*/thirty/" renamed; echo end >>renamed'
    commit c4
    both switch -q side
    edit 'sed -i "7s/.*/side seven/;45s/.*/side/" f; echo side >>g'
    commit s1
    edit 'sed -i "2d" f; mkdir d'
    commit s2
    edit 'cp f ../merged'
    both switch -q main
    edit 'awk "NR==FNR { side[NR]=\$0; next } { print } NR==9 { print side[7]; print side[6] }" \
        ../merged renamed >new; mv new renamed; printf "zero\none\n\n\ntwo\nthree\nside\nmerge\n" >g'
    merge_on "a merge" main side
    edit 'sed -i "3,4d;\$d" renamed; sed -i "s/o/O/" g'
    commit c5
    learn_ids
    for file in renamed g; do
        for options in "" -w "-L3,20" "-L/two/,+2" "-L10,-5 -L30" "-L,5" "-L50,40"; do
            if [ "$file" = g ] && [ "$options" != "" ] && [ "$options" != -w ]; then
                continue
            fi
            # shellcheck disable=SC2086 # a list of options
            compare_blame $options HEAD -- $file
        done
        for rev in main~1 main~2 main~3; do
            compare_blame "$rev" -- $file
        done
    done
    compare_blame side -- f
    compare_blame main~4 -- f
    compare blame -L900 HEAD -- g
    compare blame nothing
    tick
    edit 'sed -i "2s/.*/mine/" g; git mv renamed again 2>/dev/null || dits mv renamed again'
    compare blame -s g
    compare blame -s again
    both reset -q --hard
    edit 'git mv renamed other 2>/dev/null || dits mv renamed other'
    edit 'sed -i "4,6s/^/edited /" other; echo more >>other'
    commit "renamed and edited"
    learn_ids
    compare_blame HEAD -- other
}

run_tests
