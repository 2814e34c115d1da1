#!/bin/sh
# dits status: the long form, the short one and what scripts read.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    printf 'one\n' >a.txt
    mkdir shots
    printf 'two\n' >shots/b.txt
    dits add .
    dits commit -qm one
}

change() {
    echo more >>a.txt
    dits mv shots/b.txt shots/c.txt
    echo new >"new file.txt"
    rm -f ../out
}

test_a_clean_tree_says_so() {
    dits status >../out
    printf 'On branch main\nnothing to commit, working tree clean\n' |
        diff - ../out
}

test_the_long_form_is_as_in_git() {
    change
    dits status >../out
    cat >../wanted <<END
On branch main
Changes to be committed:
  (use "dits restore --staged <file>..." to unstage)
	renamed:    shots/b.txt -> shots/c.txt

Changes not staged for commit:
  (use "dits add <file>..." to update what will be committed)
  (use "dits restore <file>..." to discard changes in working directory)
	modified:   a.txt

Untracked files:
  (use "dits add <file>..." to include in what will be committed)
	new file.txt

END
    diff ../wanted ../out
}

test_the_short_form() {
    change
    dits status -sb >../out
    printf '## main\n M a.txt\nR  shots/b.txt -> shots/c.txt\n?? "new file.txt"\n' |
        diff - ../out
}

test_paths_are_seen_from_where_one_is_but_for_scripts() {
    change
    cd shots
    dits status -s >../../out
    expect_match '^ M \.\./a.txt' ../../out
    dits status --porcelain >../../out
    expect_match '^ M a.txt' ../../out
}

test_names_end_in_nul() {
    change
    dits status -z | tr '\0' '\n' >../out
    printf ' M a.txt\nR  shots/c.txt\nshots/b.txt\n?? new file.txt\n' |
        diff - ../out
}

test_untracked_folders_and_files() {
    mkdir rushes
    echo x >rushes/1
    echo x >rushes/2
    dits status -s >../out
    expect_match '^\?\? rushes/$' ../out
    dits status -s -uall >../out
    expect_match '^\?\? rushes/2$' ../out
    dits status -s -uno >../out
    expect_empty ../out
    expect_failure 2 dits status -usome
}

test_ignored_files_are_shown_on_request() {
    echo '*.tmp' >.ditsignore
    echo x >x.tmp
    dits status -s >../out
    expect_no_match 'x.tmp' ../out
    dits status -s --ignored >../out
    expect_match '^!! x.tmp' ../out
}

test_paths_limit_it() {
    change
    dits status -s a.txt >../out
    expect_lines 1 ../out
}

test_json() {
    change
    dits status --json >../out
    expect_match '^\{"path": "a.txt", "staged": "unchanged", "worktree": "modified"\}' ../out
    expect_match '"path": "shots/c.txt", "old_path": "shots/b.txt", "staged": "renamed"' ../out
    expect_match '"path": "new file.txt", .*"worktree": "untracked"' ../out
}

test_a_new_repository() {
    dits init -q ../fresh
    cd ../fresh
    dits status >../out
    expect_match '^No commits yet$' ../out
    dits status -sb >../out
    expect_content '## No commits yet on main' ../out
}

test_usage() {
    expect_failure 2 dits status --shrt
    expect_match "Did you mean '--short'" stderr
}

run_tests
