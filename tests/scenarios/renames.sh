# merge: files that were renamed.
# shellcheck shell=sh

setup() {
    vcs init
    numbers a.txt 1 20
    numbers b.txt 101 120
    mkdir d
    numbers d/c.txt 201 220
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

conflict() {
    fails vcs merge other
}

move_and_change() { # FROM TO LINE TEXT
    mv "$1" "$2"
    line "$3" "$4" "$2"
}

test_renamed_there_and_changed_here() {
    theirs mv a.txt new.txt
    ours line 1 ours a.txt
    vcs merge other
}

test_renamed_here_and_changed_there() {
    theirs line 1 theirs a.txt
    ours mv a.txt new.txt
    vcs merge other
}

test_renamed_and_changed_there_and_changed_here() {
    theirs move_and_change a.txt new.txt 20 theirs
    ours line 1 ours a.txt
    vcs merge other
}

test_renamed_and_changed_at_the_same_line() {
    theirs move_and_change a.txt new.txt 10 theirs
    ours line 10 ours a.txt
    conflict
}

test_renamed_and_changed_with_the_base_shown() {
    theirs mv a.txt new.txt
    ours line 10 ours a.txt
    vcs switch -q other
    line 10 theirs new.txt
    vcs commit -a -m more
    vcs switch -q main
    config merge.conflictStyle diff3
    fails vcs merge other
    vcs commit -a -m "with the marks"
}

test_renamed_here_and_changed_at_the_same_line() {
    theirs line 10 theirs a.txt
    ours move_and_change a.txt new.txt 10 ours
    conflict
}

test_renamed_to_the_same_name() {
    theirs mv a.txt new.txt
    mv a.txt new.txt
    lines more.txt x
    commit ours
    vcs merge other
}

test_renamed_to_the_same_name_and_changed() {
    theirs move_and_change a.txt new.txt 20 theirs
    ours move_and_change a.txt new.txt 1 ours
    vcs merge other
}

test_renamed_to_the_same_name_with_a_conflict() {
    theirs move_and_change a.txt new.txt 10 theirs
    ours move_and_change a.txt new.txt 10 ours
    conflict
}

test_renamed_to_different_names() {
    theirs mv a.txt theirs.txt
    ours mv a.txt ours.txt
    conflict
}

test_renamed_to_different_names_and_changed() {
    theirs move_and_change a.txt theirs.txt 20 theirs
    ours move_and_change a.txt ours.txt 1 ours
    conflict
}

test_renamed_to_different_names_and_changed_by_one() {
    theirs move_and_change a.txt theirs.txt 20 theirs
    ours mv a.txt ours.txt
    conflict
    vcs add ours.txt
    vcs rm -q --cached a.txt theirs.txt
    vcs commit -m "by our name"
}

test_bytes_renamed_to_different_names_and_changed() {
    binary clip.bin 1
    commit clip
    vcs branch -f other
    theirs mv clip.bin theirs.bin
    ours mv clip.bin ours.bin
    conflict
}

test_renamed_there_and_removed_here() {
    theirs mv a.txt new.txt
    ours rm a.txt
    conflict
}

test_renamed_here_and_removed_there() {
    theirs rm a.txt
    ours mv a.txt new.txt
    conflict
}

test_renamed_changed_and_removed() {
    theirs move_and_change a.txt new.txt 3 theirs
    ours rm a.txt
    conflict
}

test_two_files_renamed_to_one_name() {
    theirs mv a.txt new.txt
    ours mv b.txt new.txt
    conflict
}

test_renamed_there_and_the_name_added_here() {
    theirs mv a.txt new.txt
    ours lines new.txt "something else"
    conflict
}

test_renamed_here_and_the_name_added_there() {
    theirs lines new.txt "something else"
    ours mv a.txt new.txt
    conflict
}

swap() {
    mv a.txt swap
    mv b.txt a.txt
    mv swap b.txt
}

test_two_names_exchanged() {
    theirs swap
    ours line 1 ours a.txt
    conflict
}

chain() {
    mv b.txt new.txt
    mv a.txt b.txt
}

test_a_chain_of_renames() {
    theirs chain
    ours lines more.txt x
    vcs merge other
}

test_renamed_into_a_folder() {
    theirs mv a.txt d/a.txt
    ours line 1 ours a.txt
    vcs merge other
}

test_a_folder_renamed_and_a_file_in_it_changed() {
    theirs mv d e
    ours line 1 ours d/c.txt
    vcs merge other
}

test_a_folder_renamed_and_a_file_added_in_the_old_one() {
    theirs mv d e
    ours lines d/new.txt x
    vcs merge other
}

test_renamed_with_a_bit() {
    theirs mv a.txt new.txt
    ours chmod +x a.txt
    vcs merge other
}

test_renamed_and_a_new_file_under_the_old_name() {
    vcs switch -q other
    mv a.txt new.txt
    lines a.txt "something new"
    commit theirs
    vcs switch -q main
    ours line 1 ours a.txt
    conflict
}

test_a_folder_where_the_renamed_file_goes() {
    theirs mv a.txt thing
    mkdir thing
    lines thing/inner x
    commit ours
    conflict
}

test_a_folder_where_the_renamed_file_goes_and_changes() {
    theirs mv a.txt thing
    mkdir thing
    lines thing/inner x
    line 1 ours a.txt
    commit ours
    conflict
}

test_a_folder_where_the_renamed_file_goes_in_conflict() {
    theirs move_and_change a.txt thing 10 theirs
    mkdir thing
    lines thing/inner x
    line 10 ours a.txt
    commit ours
    conflict
}

test_an_untracked_file_where_the_renamed_one_goes() {
    theirs mv a.txt new.txt
    ours line 1 ours a.txt
    lines new.txt mine
    conflict
}

test_a_dirty_file_that_was_renamed_there() {
    theirs mv a.txt new.txt
    ours line 1 ours b.txt
    line 1 mine a.txt
    conflict
}

test_renamed_beyond_recognition() {
    vcs switch -q other
    numbers new.txt 1 4
    rm a.txt
    commit theirs
    vcs switch -q main
    ours line 10 ours a.txt
    conflict
}

test_bytes_renamed_there_and_changed_here() {
    binary clip.bin 1 4000
    commit clip
    vcs branch -f other
    theirs mv clip.bin new.bin
    printf 'more' >>clip.bin
    commit ours
    vcs merge other
}

test_status_of_a_renamed_and_changed_file() {
    vcs mv a.txt new.txt
    line 1 changed new.txt
    vcs status
    vcs add new.txt
    vcs status
    lines a.txt "something else"
    vcs add a.txt
    vcs status
}

test_renamed_and_changed_in_status() {
    mv a.txt new.txt
    line 1 changed new.txt
    vcs add -A
    shows vcs diff --staged --name-status
}

test_renames_in_status_with_several_candidates() {
    cp a.txt copy.txt
    commit copy
    mv a.txt one.txt
    mv copy.txt two.txt
    vcs add -A
    shows vcs status --porcelain
}
