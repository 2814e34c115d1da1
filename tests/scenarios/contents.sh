# merge: what comes together in a file, and what does not.
# shellcheck shell=sh

setup() {
    vcs init
    numbers a.txt 1 20
    commit base
    vcs branch other
}

theirs() {
    vcs switch -q other
    "$@"
    commit theirs
    vcs switch -q main
}

ours() {
    "$@"
    commit ours
}

# meet: merge, and look at what is in conflict.
conflict() {
    fails vcs merge other
}

test_conflict_at_the_start() {
    theirs line 1 theirs a.txt
    ours line 1 ours a.txt
    conflict
}

test_conflict_in_the_middle() {
    theirs line 10 theirs a.txt
    ours line 10 ours a.txt
    conflict
}

test_conflict_at_the_end() {
    theirs line 20 theirs a.txt
    ours line 20 ours a.txt
    conflict
}

test_two_conflicts_and_a_change() {
    theirs sed -i '2s/.*/t2/;10s/.*/t10/;18s/.*/t18/' a.txt
    ours sed -i '2s/.*/o2/;18s/.*/o18/' a.txt
    conflict
}

test_the_same_change_on_both_sides() {
    theirs line 10 same a.txt
    ours line 10 same a.txt
    vcs merge other
}

test_changes_beside_each_other() {
    theirs line 10 theirs a.txt
    ours line 11 ours a.txt
    conflict
}

test_changes_with_a_line_between() {
    theirs line 10 theirs a.txt
    ours line 12 ours a.txt
    vcs merge other
}

test_lines_added_at_one_place() {
    theirs sed -i '10a theirs' a.txt
    ours sed -i '10a ours' a.txt
    conflict
}

test_the_same_lines_and_more_added() {
    theirs sed -i '10a same\ntheirs' a.txt
    ours sed -i '10a same\nours' a.txt
    conflict
}

test_lines_removed_and_changed() {
    theirs sed -i '8,12d' a.txt
    ours line 10 ours a.txt
    conflict
}

test_lines_removed_on_both_sides() {
    theirs sed -i '8,12d' a.txt
    ours sed -i '10,14d' a.txt
    conflict
}

test_conflicts_close_to_each_other() {
    theirs sed -i '8s/.*/t8/;10s/.*/t10/' a.txt
    ours sed -i '8s/.*/o8/;10s/.*/o10/' a.txt
    conflict
}

test_the_base_shown() {
    theirs sed -i '8s/.*/same/;9s/.*/t9/' a.txt
    ours sed -i '8s/.*/same/;9s/.*/o9/' a.txt
    config merge.conflictStyle diff3
    conflict
    vcs merge --abort
    config merge.conflictStyle zdiff3
    conflict
}

test_the_base_shown_where_there_is_none() {
    theirs lines new.txt theirs same
    ours lines new.txt ours same
    config merge.conflictStyle diff3
    conflict
}

test_both_added_the_same() {
    theirs lines new.txt same
    ours lines new.txt same
    vcs merge other
}

test_both_added_something_else() {
    theirs numbers new.txt 1 10
    numbers new.txt 1 10
    line 5 ours new.txt
    commit ours
    conflict
}

test_both_added_nothing_in_common() {
    theirs lines new.txt theirs one
    ours lines new.txt ours two
    conflict
}

test_both_added_with_other_bits() {
    theirs lines run.sh same
    lines run.sh same
    chmod +x run.sh
    commit ours
    conflict
}

test_both_added_with_other_bits_and_a_side_preferred() {
    theirs lines run.sh same
    lines run.sh same
    chmod +x run.sh
    commit ours
    fails vcs merge -X theirs other
    vcs add run.sh
    vcs commit -m "ours it is"
}

test_both_added_with_other_bits_and_lines() {
    theirs lines run.sh theirs
    lines run.sh ours
    chmod +x run.sh
    commit ours
    conflict
}

test_bytes_added_with_other_bits() {
    theirs binary clip.bin 2
    binary clip.bin 2
    chmod +x clip.bin
    commit ours
    conflict
}

test_removed_here_and_changed_there() {
    theirs line 1 theirs a.txt
    ours rm a.txt
    conflict
    vcs add a.txt
    vcs commit -m "kept"
}

test_changed_here_and_removed_there() {
    theirs rm a.txt
    ours line 1 ours a.txt
    conflict
    vcs rm -q a.txt
    vcs commit -m "gone"
}

test_removed_on_both_sides() {
    theirs rm a.txt
    rm a.txt
    lines b.txt x
    commit ours
    vcs merge other
}

test_removed_there_and_untouched_here() {
    theirs rm a.txt
    ours lines b.txt x
    vcs merge other
}

test_a_bit_on_one_side_and_lines_on_the_other() {
    theirs chmod +x a.txt
    ours line 1 ours a.txt
    vcs merge other
}

test_a_bit_on_both_sides() {
    theirs chmod +x a.txt
    chmod +x a.txt
    line 1 ours a.txt
    commit ours
    vcs merge other
}

test_a_bit_removed_and_lines_changed() {
    chmod +x a.txt
    commit bit
    vcs branch -f other
    theirs chmod -x a.txt
    ours line 1 ours a.txt
    vcs merge other
}

test_links_to_different_places() {
    ln -s a.txt link
    commit link
    vcs branch -f other
    theirs ln -sfn theirs link
    ours ln -sfn ours link
    conflict
}

test_a_link_changed_on_one_side() {
    ln -s a.txt link
    commit link
    vcs branch -f other
    theirs ln -sfn theirs link
    ours line 1 ours a.txt
    vcs merge other
}

test_links_added_on_both_sides() {
    theirs ln -s theirs link
    ours ln -s ours link
    conflict
}

file_to_link() {
    rm a.txt
    ln -s elsewhere a.txt
}

test_a_file_that_becomes_a_link() {
    theirs file_to_link
    ours line 1 ours a.txt
    conflict
}

test_a_file_that_becomes_a_link_on_one_side() {
    theirs file_to_link
    ours lines b.txt x
    vcs merge other
}

file_and_link() {
    ln -s nowhere both
}

test_a_file_and_a_link_added() {
    theirs file_and_link
    ours lines both "a file"
    conflict
}

folder_for_file() {
    rm a.txt
    mkdir a.txt
    lines a.txt/inner x
}

test_a_folder_in_the_place_of_a_changed_file() {
    theirs folder_for_file
    ours line 1 ours a.txt
    conflict
}

test_a_folder_in_the_place_of_an_untouched_file() {
    theirs folder_for_file
    ours lines b.txt x
    vcs merge other
}

folder_thing() {
    mkdir thing
    lines thing/inner x
}

test_a_folder_and_a_file_added() {
    theirs folder_thing
    ours lines thing "a file"
    conflict
}

test_a_file_and_a_folder_added() {
    theirs lines thing "a file"
    ours folder_thing
    conflict
}

test_bytes_changed_on_both_sides() {
    binary clip.bin 1
    commit clip
    vcs branch -f other
    theirs binary clip.bin 2
    ours binary clip.bin 3
    conflict
}

test_bytes_changed_on_one_side() {
    binary clip.bin 1
    commit clip
    vcs branch -f other
    theirs binary clip.bin 2
    ours line 1 ours a.txt
    vcs merge other
}

test_bytes_added_on_both_sides() {
    theirs binary clip.bin 2
    ours binary clip.bin 3
    conflict
}

test_bytes_removed_and_changed() {
    binary clip.bin 1
    commit clip
    vcs branch -f other
    theirs binary clip.bin 2
    ours rm clip.bin
    conflict
}

test_a_side_preferred_for_bytes() {
    binary clip.bin 1
    commit clip
    vcs branch -f other
    theirs binary clip.bin 2
    ours binary clip.bin 3
    vcs merge -X theirs -m one other
    vcs reset --hard HEAD~1
    vcs merge -X ours -m two other
}

test_a_text_that_becomes_bytes() {
    theirs binary a.txt 1
    ours line 1 ours a.txt
    conflict
}

test_carriage_returns_kept() {
    printf '1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n' >dos.txt
    commit dos
    vcs branch -f other
    theirs sed -i '1s/1/theirs/' dos.txt
    ours sed -i '6s/6/ours/' dos.txt
    vcs merge other
}

test_carriage_returns_in_a_conflict() {
    printf '1\r\n2\r\n3\r\n' >dos.txt
    commit dos
    vcs branch -f other
    theirs sed -i '2s/2/theirs/' dos.txt
    ours sed -i '2s/2/ours/' dos.txt
    conflict
}

test_ends_of_lines_changed_on_one_side() {
    theirs sed -i 's/$/\r/' a.txt
    ours line 1 ours a.txt
    conflict
}

no_newline() {
    printf '%s' "$(cat a.txt)" >a.new
    mv a.new a.txt
}

test_no_newline_at_the_end_on_one_side() {
    theirs no_newline
    ours line 1 ours a.txt
    vcs merge other
}

last_without_newline() {
    line 20 "$1" a.txt
    no_newline
}

test_no_newline_at_the_end_in_a_conflict() {
    theirs last_without_newline theirs
    ours last_without_newline ours
    conflict
}

test_no_newline_on_one_side_of_a_conflict() {
    theirs last_without_newline theirs
    ours line 20 ours a.txt
    conflict
}

test_empty_files_added_on_both_sides() {
    theirs touch empty
    ours touch empty
    vcs merge other
}

test_an_empty_file_that_both_filled() {
    : >empty
    commit empty
    vcs branch -f other
    theirs lines empty theirs
    ours lines empty ours
    conflict
}

empty_a() {
    : >a.txt
}

test_a_file_emptied_and_changed() {
    theirs empty_a
    ours line 1 ours a.txt
    conflict
}

test_a_file_emptied_on_both_sides() {
    theirs empty_a
    empty_a
    lines b.txt x
    commit ours
    vcs merge other
}

test_lines_that_look_like_marks() {
    theirs line 10 '<<<<<<< HEAD' a.txt
    ours line 10 '=======' a.txt
    conflict
}

test_many_files_at_once() {
    for name in 1 2 3 4 5 6; do numbers "$name.txt" 1 9; done
    commit many
    vcs branch -f other
    vcs switch -q other
    for name in 1 2 3 4; do line 5 theirs "$name.txt"; done
    rm 5.txt
    lines new1.txt x
    commit theirs
    vcs switch -q main
    for name in 3 4 5 6; do line 5 ours "$name.txt"; done
    lines new2.txt x
    commit ours
    conflict
    vcs add 3.txt
    vcs rm -q 5.txt
    vcs checkout HEAD -- 4.txt
    vcs commit -m all
}

test_a_folder_removed_here_and_a_file_added_there() {
    mkdir d
    lines d/x one
    commit folder
    vcs branch -f other
    theirs lines d/new two
    ours rm -r d
    vcs merge other
}

test_functions_that_moved() {
    theirs sed -i '1,5d;20a 1\n2\n3\n4\n5' a.txt
    ours line 3 ours a.txt
    conflict
}
