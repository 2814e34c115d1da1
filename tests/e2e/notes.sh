#!/bin/sh
# dits notes: texts about commits.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=pair.sh
. "$(dirname "$0")/pair.sh"

setup() {
    dits init -q repo
    cd repo
    for n in one two; do
        echo $n >a.txt
        dits add .
        dits commit -qm $n
    done
}

test_a_note_is_shown_with_its_commit() {
    dits notes add -m "approved by client" -m "with a smile" HEAD~1
    dits notes show HEAD~1 >../out
    printf 'approved by client\n\nwith a smile\n' | diff -u - ../out
    dits log -n 1 HEAD~1 >../out
    tail -n 5 ../out >../tail
    printf '\nNotes:\n    approved by client\n\n    with a smile\n' | diff -u - ../tail
    dits log --no-notes >../out
    expect_no_match Notes ../out
    dits log --oneline HEAD~1 >../out
    expect_no_match approved ../out
    dits show -s HEAD~1 >../out
    expect_match '^    approved by client$' ../out
    dits show -s --no-notes HEAD~1 >../out
    expect_no_match Notes ../out
    dits log --all --format=%s >../out
    expect_lines 2 ../out
}

test_add_append_edit_remove() {
    dits notes add -m one
    expect_failure 1 dits notes add -m two
    expect_match 'there is a note on [0-9a-f]{12} already' stderr
    expect_equal one "$(dits notes show)"
    dits notes add -f -m two 2>stderr
    expect_match 'Overwriting existing notes for object' stderr
    dits notes append -m three
    printf 'two\n\nthree\n' >../wanted
    dits notes show | diff -u ../wanted -
    EDITOR='sed -i s/two/edited/' dits notes edit
    dits notes show >../out
    expect_match edited ../out
    dits notes remove
    expect_failure 1 dits notes show
    expect_match "there is no note on 'HEAD'" stderr
    expect_failure 1 dits notes remove
    dits notes remove --ignore-missing HEAD HEAD~1
    echo "from a file" | dits notes add -F -
    expect_equal "from a file" "$(dits notes show)"
    dits notes add -qf -m ""
    expect_failure 1 dits notes show
}

test_each_change_can_be_undone() {
    dits notes add -m one
    dits notes append -m two
    dits undo >../out
    expect_match 'dits notes append' ../out
    expect_equal one "$(dits notes show)"
    dits undo >../out
    expect_failure 1 dits notes show
    dits redo >../out
    expect_equal one "$(dits notes show)"
}

test_list_and_copy() {
    dits notes add -m one HEAD~1
    dits notes copy HEAD~1
    dits notes >../out
    expect_each_line '^[0-9a-f]{64} [0-9a-f]{64}$' ../out
    expect_lines 2 ../out
    expect_equal "$(dits notes list HEAD)" "$(dits notes list HEAD~1)"
    expect_failure 1 dits notes copy HEAD~1 HEAD
    dits notes copy -f HEAD~1 HEAD
    dits notes --json list >../out
    expect_each_line '^\{"note": "[0-9a-f]{64}", "commit": "[0-9a-f]{64}"\}$' ../out
    dits notes --json show >../out
    expect_content '{"text": "one\u000a"}' ../out
}

test_other_refs() {
    dits notes --ref review add -m elsewhere
    expect_failure 1 dits notes show
    expect_equal elsewhere "$(dits notes --ref refs/notes/review show)"
    expect_equal "Notes added by 'dits notes add'" "$(dits log --format=%s notes/review)"
    expect_failure 1 dits notes --ref 'a b' list
}

test_gc_and_fsck_keep_them() {
    dits notes add -m "kept"
    dits gc --prune=now >/dev/null 2>&1
    expect_equal kept "$(dits notes show)"
    dits fsck --full >../out
    expect_match 'nothing is damaged' ../out
    # Without the database they come from the copy of the refs.
    rm .dits/meta.db*
    dits fsck --repair >../out 2>&1 || :
    expect_equal kept "$(dits notes show)"
}

test_unknown_operands_and_usage() {
    expect_failure 1 dits notes show nothing
    expect_failure 1 dits notes add -m x nothing
    expect_failure 2 dits notes frobnicate
    expect_failure 2 dits notes show HEAD HEAD
    expect_failure 2 dits notes copy
    expect_failure 2 dits notes add -m x -F y
}

both_quiet() {
    git_status=0
    (cd "$top/git" && git "$@") >"$top/git.out" 2>&1 || git_status=$?
    dits_status=0
    (cd "$top/dits" && dits "$@") >"$top/dits.out" 2>&1 || dits_status=$?
    [ $((git_status != 0)) -eq $((dits_status != 0)) ] || fail "$*"
}

compare_with_git() {
    both_quiet "$@"
    for question in "log" "log -n 1 --format=%s" "show -s HEAD~1" "log --oneline"; do
        # git indents empty lines, too.
        for program in git dits; do
            # shellcheck disable=SC2086 # a list of options
            (cd "$top/$program" && $program $question) | sed 's/ *$//' >"$top/$program.out"
            name_ids $program
        done
        diff -u "$top/git.said" "$top/dits.said" >&2 || fail "$question after $*"
    done
    (cd "$top/git" && git notes list | wc -l) >"$top/git.count"
    (cd "$top/dits" && dits notes list | wc -l) | diff -u "$top/git.count" -
}

test_as_git_does() {
    cd ..
    make_pair
    for n in 1 2 3; do
        edit "echo $n >f"
        commit "c$n"
    done
    learn_ids
    compare_with_git notes add -m "first note"
    compare_with_git notes add -m again
    compare_with_git notes add -f -m "  again

and

    more   "
    compare_with_git notes append -m added
    compare_with_git notes append -m new HEAD~1
    compare_with_git notes copy HEAD~1 HEAD~2
    compare_with_git notes copy HEAD~1 HEAD~2
    compare notes show HEAD~2
    compare_with_git notes remove HEAD~1
    compare_with_git notes remove HEAD~1
    compare_with_git notes remove --ignore-missing HEAD~1
    compare_with_git notes add -f -m ""
    compare notes show
}

run_tests
