#!/bin/sh
# Hooks: programs of the user that commands run on the way.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    mkdir .dits/hooks
    echo one >a
    dits add a
}

# hook NAME: the script comes from standard input.
hook() {
    { echo '#!/bin/sh' && cat; } >".dits/hooks/$1"
    chmod +x ".dits/hooks/$1"
}

# logger NAME...: hooks that note their name and arguments.
logger() {
    for name; do
        hook "$name" <<'END'
echo "$(basename "$0") $*" >>../log
END
    done
}

expect_log() {
    printf '%s\n' "$@" | diff -u - ../log >&2 || fail "other hooks were run"
}

all_zero=0000000000000000000000000000000000000000000000000000000000000000

test_a_commit_runs_them_in_order() {
    logger pre-commit prepare-commit-msg commit-msg post-commit
    dits commit -qm one
    expect_log 'pre-commit ' \
        'prepare-commit-msg .dits/COMMIT_EDITMSG message' \
        'commit-msg .dits/COMMIT_EDITMSG' 'post-commit '
    rm ../log
    dits commit -q --amend --no-edit
    expect_log 'pre-commit ' \
        'prepare-commit-msg .dits/COMMIT_EDITMSG commit HEAD' \
        'commit-msg .dits/COMMIT_EDITMSG' 'post-commit '
    expect_equal one "$(dits log --format=%s)"
    rm ../log
    cat >../editor <<'END'
#!/bin/sh
echo two >"$1"
echo editor >>../log
END
    chmod +x ../editor
    EDITOR=../editor dits commit -q --allow-empty
    expect_log 'pre-commit ' 'prepare-commit-msg .dits/COMMIT_EDITMSG' \
        editor 'commit-msg .dits/COMMIT_EDITMSG' 'post-commit '
    expect_equal two "$(dits log -n1 --format=%s)"
}

test_they_run_at_the_top_with_their_surroundings() {
    hook pre-commit <<'END'
pwd >../where
echo "$DITS_DIR" >>../where
echo "$DITS_PREFIX" >>../where
cat >>../where
echo printed
END
    mkdir sub
    cd sub
    echo "to be read by nobody" | dits commit -qm one >../../out 2>../../err
    cd ..
    printf '%s\n' "$PWD" "$PWD/.dits" sub | diff -u - ../where
    expect_empty ../out
    expect_content printed ../err
}

test_one_that_refuses_stops_the_commit() {
    for name in pre-commit prepare-commit-msg commit-msg; do
        hook $name <<'END'
exit 3
END
        dits op log --json >../before
        echo two >a
        expect_failure 1 dits commit -qam one
        expect_match "^dits: the hook '$name' refuses \(exit status 3\)$" stderr
        dits op log --json | diff -u ../before -
        expect_failure 1 dits log
        dits status -s a >../out
        expect_content 'AM a' ../out
        rm .dits/hooks/$name
    done
}

test_no_verify_passes_by() {
    for name in pre-commit commit-msg; do
        hook $name <<'END'
exit 1
END
    done
    logger prepare-commit-msg post-commit
    dits commit -qnm one
    dits commit -q --no-verify --allow-empty -m two
    expect_lines 4 ../log
    expect_equal 2 "$(dits log --oneline | wc -l)"
}

test_what_a_hook_stages_is_committed() {
    hook pre-commit <<'END'
echo "made by the hook" >made
dits add made
dits status -s >../seen
END
    dits commit -qm one
    dits ls >../out
    printf 'a\nmade\n' | diff -u - ../out
    dits status -s >../out
    expect_empty ../out
    printf 'A  a\nA  made\n' | diff -u - ../seen
}

test_hooks_change_the_message() {
    hook prepare-commit-msg <<'END'
echo "# not a comment here" >>"$1"
echo "Ticket: 7" >>"$1"
END
    hook commit-msg <<'END'
sed -i 's/Ticket/Number/' "$1"
END
    dits commit -qm one
    printf 'one\n# not a comment here\nNumber: 7\n' >../wanted
    dits log --format=%B | sed '/^$/d' | diff -u ../wanted -
}

test_what_comes_after_changes_nothing() {
    hook post-commit <<'END'
dits log --format=%s >../seen
exit 9
END
    dits commit -qm one
    expect_content one ../seen
}

test_checkouts_are_told_of() {
    logger post-checkout
    dits commit -qm one
    one=$(dits log -n1 --format=%H)
    dits switch -qc side
    echo two >a
    dits commit -qam two
    two=$(dits log -n1 --format=%H)
    dits checkout -q main
    dits switch -q main
    echo three >a
    dits restore a
    echo three >a
    dits checkout -- a
    dits reset -q --hard
    expect_log "post-checkout $one $one 1" "post-checkout $two $one 1" \
        "post-checkout $one $one 1" "post-checkout $one $one 0" \
        "post-checkout $one $one 0"
}

test_the_status_of_a_checkout_is_that_of_its_hook() {
    dits commit -qm one
    hook post-checkout <<'END'
exit 7
END
    expect_failure 7 dits switch -qc side
    dits branch >../out
    expect_match '^\* side$' ../out
    expect_failure 7 dits restore a
    expect_failure 7 dits checkout -q main
}

test_before_the_first_commit_ids_are_zero() {
    logger post-checkout
    dits switch -qc other
    expect_log "post-checkout $all_zero $all_zero 1"
}

test_one_that_is_not_executable_is_passed_over() {
    hook pre-commit <<'END'
exit 1
END
    chmod -x .dits/hooks/pre-commit
    dits commit -m one >../out 2>../err
    expect_match "the hook 'pre-commit' is passed over: it is not executable" ../err
    mkdir .dits/hooks/commit-msg
    dits commit -qm two --allow-empty 2>../err
    expect_empty ../err
}

test_one_without_an_interpreter_is_a_shell_script() {
    echo 'echo here >../log' >.dits/hooks/post-commit
    chmod +x .dits/hooks/post-commit
    dits commit -qm one
    expect_content here ../log
}

test_the_folder_can_be_another() {
    cp -R "$HOME" ../home
    HOME=$(realpath ../home) # its settings are changed
    mkdir ../shared own
    logger pre-commit
    mv .dits/hooks/pre-commit ../shared
    dits config --user core.hooksPath "$(realpath ../shared)"
    dits commit -qm one
    expect_lines 1 ../log
    cp ../shared/pre-commit own/pre-commit
    dits config core.hooksPath own
    dits commit -q --allow-empty -m two
    expect_lines 2 ../log
    mkdir "$HOME/hooks"
    cp ../shared/pre-commit "$HOME/hooks"
    # shellcheck disable=SC2088 # it is for Dits to expand
    dits config core.hooksPath '~/hooks'
    dits commit -q --allow-empty -m three
    expect_lines 3 ../log
}

test_no_lock_is_held_meanwhile() {
    dits commit -qm one
    hook pre-commit <<'END'
dits tag from-the-hook
dits commit -qn --allow-empty -m inner
END
    dits commit -q --allow-empty -m outer
    dits log --format=%s >../out
    printf 'outer\ninner\none\n' | diff -u - ../out
    dits tag >../out
    expect_content from-the-hook ../out
}

# CONC-M8: commands in hooks, and hooks of commands in hooks, come to an end.
test_commands_of_every_kind_run_in_hooks() {
    dits commit -qm one
    dits branch side
    hook pre-commit <<'END'
echo "staged by the hook" >staged
dits add staged
dits status -s >>../seen
END
    hook post-commit <<'END'
dits gc -q
dits log -n1 --format=%s >>../seen
END
    hook post-checkout <<'END'
dits log -n1 --format=%s >>../seen
dits fsck -q
[ -n "$INNER" ] || INNER=1 dits switch -q -c "of-the-hook" 2>>../seen || :
END
    hook post-merge <<'END'
dits commit -q --allow-empty -m "after the merge"
dits undo -q
END
    echo changed >a
    timeout 60 dits commit -qam two
    printf 'M  a\nA  staged\ntwo\n' | diff -u - ../seen
    rm ../seen
    timeout 60 dits switch -q side
    printf 'one\none\n' | diff -u - ../seen
    expect_equal of-the-hook "$(dits branch --show-current)"
    timeout 60 dits merge -q main
    dits fsck --full -q
    expect_equal "" "$(dits status -s)"
    expect_equal two "$(dits log -n1 --format=%s)"
}

# Hooks of several commands at once, each of which runs more of them.
test_hooks_of_a_crowd() {
    dits commit -qm one
    hook pre-commit <<'END'
dits status -s >/dev/null
dits tag "tag-$$"
END
    for i in 1 2 3 4; do
        timeout 120 dits commit -q --allow-empty -m "$i" &
        eval "process$i=$!"
    done
    for i in 1 2 3 4; do
        eval "wait \$process$i"
    done
    expect_equal 5 "$(dits log --oneline | wc -l)"
    expect_equal 4 "$(dits tag | wc -l)"
    dits fsck --full -q
}

# The hook notes what is staged.
seer() {
    hook pre-commit <<'END'
dits status -s >../seen
dits diff --staged --name-only >>../seen
exit "$(cat ../verdict)"
END
}

test_what_a_commit_stages_itself_is_seen() {
    echo 0 >../verdict
    dits commit -qm one
    seer
    echo two >a
    dits commit -qam two
    printf 'M  a\na\n' | diff -u - ../seen
    expect_equal two "$(dits cat HEAD:a)"
    echo three >a
    dits commit -qm three a
    printf 'M  a\na\n' | diff -u - ../seen
    dits undo -q # one command is one operation
    dits status -s >../out
    expect_content ' M a' ../out
    dits op log --json >../operations
    expect_lines 5 ../operations
}

test_after_a_refusal_nothing_is_staged() {
    dits commit -qm one
    seer
    echo 1 >../verdict
    echo two >a
    dits tag here
    dits undo -q
    dits op log --json >../before
    refused 1 dits commit -qam two
    printf 'M  a\na\n' | diff -u - ../seen
    refused 1 dits commit -qm two a
    dits op log --json | diff -u ../before -
    dits status -s >../out
    expect_content ' M a' ../out
    dits redo -q # is still possible
    expect_equal here "$(dits tag)"
    echo 0 >../verdict
    refused 1 dits commit -qa -m '' # refused by the command itself
    dits status -s >../out
    expect_content ' M a' ../out
}

test_what_a_hook_changes_is_committed_when_it_stages_it() {
    dits commit -qm one
    hook pre-commit <<'END'
echo formatted >a
[ ! -f ../stages ] || dits add a
END
    echo two >a
    dits commit -qam two
    expect_equal two "$(dits cat HEAD:a)"
    touch ../stages
    echo three >a
    dits commit -qam three
    expect_equal formatted "$(dits cat HEAD:a)"
}

# Two branches that can be merged.
part() {
    dits commit -qm one
    dits switch -qc side
    echo side >b
    dits add b
    dits commit -qm side
    dits switch -q main
    echo main >c
    dits add c
    dits commit -qm main
}

test_a_merge_asks_for_its_message() {
    part
    logger pre-commit post-commit post-merge
    hook prepare-commit-msg <<'END'
echo "prepare-commit-msg $*" >>../log
cat "$1" >../first
echo "Ticket: 7" >>"$1"
END
    hook commit-msg <<'END'
echo "commit-msg $*" >>../log
sed -i 's/Ticket/Number/' "$1"
END
    dits merge -q side
    expect_log 'prepare-commit-msg .dits/COMMIT_EDITMSG merge' \
        'commit-msg .dits/COMMIT_EDITMSG' 'post-merge 0'
    expect_content "Merge branch 'side'" ../first
    printf "Merge branch 'side'\nNumber: 7\n" >../wanted
    dits log -n 1 --format=%B | sed '/^$/d' | diff -u ../wanted -
    dits undo -q
    rm ../log
    dits merge -q --no-verify side
    expect_log 'prepare-commit-msg .dits/COMMIT_EDITMSG merge' 'post-merge 0'
    rm ../log
    dits merge -q side # there is nothing to ask about
    [ ! -e ../log ]
}

# What it is told of the message is where the message is.
test_in_another_work_tree_they_find_the_message() {
    part
    hook prepare-commit-msg <<'END'
echo "Ticket: 7" >>"$1"
END
    hook commit-msg <<'END'
sed -i 's/Ticket/Number/' "$1"
END
    dits worktree add -q ../other -b other
    cd ../other
    printf "Merge branch 'side' into other\nNumber: 7\n" >../wanted
    dits merge -q side
    dits log -n 1 --format=%B | sed '/^$/d' | diff -u ../wanted -
    printf 'empty\nNumber: 7\n' >../wanted
    dits commit -q --allow-empty -m empty
    dits log -n 1 --format=%B | sed '/^$/d' | diff -u ../wanted -
    expect_no_file ../repo/.dits/COMMIT_EDITMSG
}

test_a_merge_that_is_refused_can_be_committed() {
    part
    hook commit-msg <<'END'
exit 1
END
    refused 1 dits merge side
    expect_match "the hook 'commit-msg' refuses" ../err
    expect_match 'dits commit' ../err
    dits status -s >../out
    expect_content 'A  b' ../out
    refused 1 dits merge --continue
    dits merge -q --continue --no-verify
    expect_equal 2 "$(dits log -n 1 --format=%P | wc -w)"
}

test_a_merge_without_a_message_can_be_committed() {
    part
    hook commit-msg <<'END'
: >"$1"
END
    refused 1 dits merge side
    expect_match '^dits: a hook has emptied the message$' ../err
    expect_match "'dits commit' completes it" ../err
    dits status -s >../out
    expect_content 'A  b' ../out
    refused 1 dits commit --no-edit
    rm .dits/hooks/commit-msg
    dits commit -q --no-edit
    expect_equal "Merge branch 'side'" "$(dits log -n 1 --format=%s)"
    expect_equal 2 "$(dits log -n 1 --format=%P | wc -w)"
}

test_going_on_with_a_merge_is_a_commit() {
    part
    echo side >c
    dits add c
    dits commit -q --amend -m both
    echo other >b
    dits add b
    dits commit -qm "main too"
    refused 1 dits merge -q side
    dits resolve -q --ours --all
    logger pre-commit prepare-commit-msg commit-msg post-commit post-merge
    dits merge -q --continue
    expect_log 'pre-commit ' \
        'prepare-commit-msg .dits/COMMIT_EDITMSG merge' \
        'commit-msg .dits/COMMIT_EDITMSG' 'post-commit '
}

# interrupt SIGNAL COMMAND...: when the hook says that it runs; the status.
interrupt() {
    python3 - "$@" <<'END'
import os, signal, subprocess, sys, time
number = getattr(signal, sys.argv[1])
process = subprocess.Popen(sys.argv[2:], stderr=subprocess.DEVNULL)
end = time.monotonic() + 20
while not os.path.exists("../running") and time.monotonic() < end:
    time.sleep(0.005)
process.send_signal(number)
print(process.wait(timeout=20))
END
}

test_signals_reach_a_hook_and_stop_the_command() {
    hook pre-commit <<'END'
trap 'echo cleaned >../cleaned; exit 1' INT TERM
touch ../running
while :; do sleep 0.01; done
END
    for signal in SIGINT SIGTERM; do
        rm -f ../running ../cleaned
        status=$(interrupt $signal dits commit -qm one)
        case $signal:$status in
        SIGINT:130 | SIGTERM:143) ;;
        *) fail "status $status" ;;
        esac
        expect_content cleaned ../cleaned
        expect_failure 1 dits log
    done
}

test_nothing_versioned_becomes_a_hook() {
    mkdir -p hooks .dits/x
    printf '#!/bin/sh\ntouch ../ran\n' >hooks/pre-commit
    chmod +x hooks/pre-commit
    dits add hooks
    dits commit -qm one
    expect_no_file ../ran
}

# --- the same with git ---

# both COMMAND...: the same hooks run, with the same arguments.
both() {
    tick=$((${tick:-1700000000} + 60)) # else both may not be in one second
    export GIT_AUTHOR_DATE="@$tick +0000" GIT_COMMITTER_DATE="@$tick +0000"
    rm -f ../log
    (cd ../git && EDITOR=../editor git "$@") >../git.said 2>&1 || :
    sed 's/[0-9a-f]\{40,64\}/ID/g; s/\.git/.DIR/' ../log >../git.log 2>/dev/null ||
        : >../git.log
    rm -f ../log
    DITS_DATE="@$tick" EDITOR=../editor dits "$@" >../dits.said 2>&1 || :
    sed 's/[0-9a-f]\{40,64\}/ID/g; s/\.dits/.DIR/' ../log >../dits.log 2>/dev/null ||
        : >../dits.log
    diff -u ../git.log ../dits.log >&2 || fail "the hooks differ: $*"
    git -C ../git log --format=%B >../git.history 2>/dev/null || :
    dits log --format=%B >../dits.history 2>/dev/null || :
    sed -i '/^$/d' ../git.history ../dits.history
    diff -u ../git.history ../dits.history >&2 || fail "messages differ: $*"
}

test_as_git_does() {
    command -v git >/dev/null || skip "no git"
    cat >../editor <<'END'
#!/bin/sh
echo edited >>"$1"
END
    chmod +x ../editor
    logger pre-commit prepare-commit-msg commit-msg post-commit post-checkout
    git init -q -b main ../git
    git -C ../git config user.name "Test Editor"
    git -C ../git config user.email editor@example.com
    rm -rf ../git/.git/hooks
    cp -R .dits/hooks ../git/.git/hooks
    cp a ../git
    both add -A
    both commit -m one
    echo two | tee a ../git/a >/dev/null
    both commit -a -m two
    both commit --amend --no-edit
    both commit --amend
    both commit --allow-empty
    both commit -n --allow-empty -m three
    both commit --no-verify --allow-empty
    both commit -m nothing
    both switch -c side
    both switch side
    both checkout main
    both checkout -b other
    both checkout --detach main
    both switch side
    echo three | tee a ../git/a >/dev/null
    both restore a
    both restore --staged a
    both restore --source main a
    both checkout -- a
    both checkout main -- a
    both reset --hard
    both tag -m "a tag" v1
    both checkout nowhere
    for name in pre-commit prepare-commit-msg commit-msg; do
        hook $name <<'END'
echo "no: $(basename "$0")" >>../log
exit 1
END
        cp ".dits/hooks/$name" "../git/.git/hooks/$name"
        both commit --allow-empty -m refused
        both commit --allow-empty
        both commit -n --allow-empty -m "not asked"
        logger $name
        cp ".dits/hooks/$name" "../git/.git/hooks/$name"
    done
    hook commit-msg <<'END'
printf 'changed\n\n\n# what is this\n' >>"$1"
END
    cp .dits/hooks/commit-msg ../git/.git/hooks/commit-msg
    both commit --allow-empty -m four
    both commit --allow-empty
}

test_merges_are_told_of_as_in_git() {
    command -v git >/dev/null || skip "no git"
    logger post-merge
    git init -q -b main ../git
    git -C ../git config user.name "Test Editor"
    git -C ../git config user.email editor@example.com
    rm -rf ../git/.git/hooks
    cp -R .dits/hooks ../git/.git/hooks
    cp a ../git
    both add -A
    both commit -m one
    both switch -c side
    echo two | tee b ../git/b >/dev/null
    both add -A
    both commit -m two
    both switch main
    both merge side
    both merge side
    both reset --hard HEAD~1
    both merge --no-ff -m merged side
    both reset --hard HEAD~1
    both merge --squash side
    both reset --hard
    both merge --no-ff --no-commit side
    both commit -m "by hand"
    echo main | tee b ../git/b >/dev/null
    both commit -a -m main
    both switch side
    echo side | tee b ../git/b >/dev/null
    both commit -a -m side
    both merge main
}

run_tests
