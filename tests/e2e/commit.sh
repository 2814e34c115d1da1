#!/bin/sh
# dits commit: messages from everywhere, amending, identities.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q
    echo one >a.txt
    dits add a.txt
}

test_what_is_staged_is_recorded() {
    dits commit -m "first cut" >out
    expect_match '^\[main \(root-commit\) [0-9a-f]{7,}\] first cut$' out
    expect_match '^ 1 file changed, 4 bytes$' out
}

test_several_messages_are_paragraphs() {
    dits commit -qm one -m two
    dits log --format=%B >out
    printf 'one\n\ntwo\n\n' | diff - out
}

test_the_message_may_come_from_a_file() {
    printf '\n\nfrom a file  \n\n\n' >message
    dits commit -qF message
    expect_equal "from a file" "$(dits log --format=%s)"
    echo two >a.txt
    echo "from a pipe" | dits commit -qa -F -
    expect_equal "from a pipe" "$(dits log -1 --format=%s)"
    expect_failure 2 dits commit -m x -F message
}

test_the_editor_shows_what_will_be_committed() {
    cat >editor <<'END'
#!/bin/sh
cp "$1" seen
printf 'edited\n# a comment\n' >"$1"
END
    chmod +x editor
    DITS_EDITOR=./editor dits commit -q
    expect_equal edited "$(dits log --format=%B | head -n 1)"
    expect_match '^#	new file:   a.txt' seen
    expect_match '^# Please enter the commit message' seen
}

test_an_empty_message_calls_it_off() {
    expect_failure 1 env DITS_EDITOR=true dits commit
    expect_match 'message is empty' stderr
    expect_failure 1 env DITS_EDITOR=false dits commit
    expect_match "editor 'false' failed" stderr
    dits status -s >out
    expect_match '^A  a.txt' out
    dits commit -q --allow-empty-message -m ''
}

test_nothing_to_commit() {
    dits commit -qm one
    expect_failure 1 dits commit -m two
    expect_match 'nothing' stderr
    dits commit -q --allow-empty -m two
    dits log --oneline >out
    expect_lines 2 out
}

test_all_stages_tracked_files() {
    dits commit -qm one
    echo two >a.txt
    echo new >b.txt
    dits commit -qam two
    dits status -s >out
    expect_no_match 'a.txt' out
    expect_match '^\?\? b.txt' out
}

test_amend_replaces_the_last_commit() {
    dits commit -qm one
    echo two >a.txt
    dits commit -qa --amend --no-edit
    expect_equal one "$(dits log --format=%s)"
    expect_equal two "$(dits cat a.txt)"
    dits commit -q --amend -m better
    expect_equal better "$(dits log --format=%s)"
    expect_failure 2 dits commit --no-edit
}

test_only_the_paths_named() {
    dits commit -qm one
    echo two >a.txt
    echo b >b.txt
    dits add .
    dits commit -qm two a.txt
    dits status -s >out
    expect_match '^A  b.txt' out
    expect_no_match 'a.txt' out
}

test_author_and_date() {
    dits commit -qm one --author "Ann <ann@example.com>" --date "2026-11-23 17:00 +0100"
    dits log --format="%an %ae %aI %cn" >out
    expect_content "Ann ann@example.com 2026-11-23T17:00:00+01:00 Test Editor" out
    expect_failure 1 dits commit --allow-empty -m x --author nobody
    expect_failure 1 dits commit --allow-empty -m x --date someday
}

test_the_environment_gives_author_and_time() {
    DITS_AUTHOR_NAME=Bo DITS_AUTHOR_EMAIL=bo@example.com \
        DITS_AUTHOR_DATE=@1700000000 DITS_DATE='2026-11-23 16:00:00 +0000' \
        dits commit -qm one
    dits log --format="%an %ae %at %ct" >out
    expect_content "Bo bo@example.com 1700000000 1795449600" out
}

test_a_detached_head() {
    dits commit -qm one
    dits switch -q --detach HEAD
    dits commit --allow-empty -m two >out
    expect_match '^\[detached HEAD [0-9a-f]+\] two' out
}

test_a_file_that_cannot_be_read_is_not_left_out_silently() {
    dits commit -qm one
    dits log -n 1 --format=%H >before
    echo edited >a.txt
    chmod 000 a.txt
    held_back true || skip "permissions cannot be tried here"
    expect_failure 1 held_back dits commit -am two
    expect_match "^dits: cannot read 'a.txt'" stderr
    expect_match '^  hint: Nothing was staged' stderr
    dits log -n 1 --format=%H >after
    expect_same before after
}

test_json() {
    dits commit --json -m one >out
    expect_each_line '^\{"id": "[0-9a-f]{64}", "is_root": true, "files_changed": 1, "bytes_before": 0, "bytes_after": 4\}$' out
}

test_usage() {
    expect_failure 2 dits commit -a a.txt -m x
    expect_failure 2 dits commit -m
    expect_match "'-m' needs TEXT" stderr
}

run_tests
