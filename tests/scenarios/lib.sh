# tests/scenarios/lib.sh - what every scenario has; sourced by `run`
#
# A scenario is a function named test_* in a file here, in an empty folder,
# after the file's setup(), with `set -eu`. `run` runs it twice: once with git
# in the place of `vcs`, once with dits. After each line with `vcs` it notes
# how the repository is, and in the end compares what it noted. Only what
# setup() and commit() do on the way is not looked at step by step.
#
#     vcs COMMAND...          has to succeed
#     fails vcs COMMAND...    has to fail
#     shows vcs COMMAND...    has to succeed; what it prints is compared, too
#
# Whether that is so is asked of git alone: where dits does otherwise it is a
# difference like any other.
# shellcheck shell=sh

: "${VCS:?git or dits}"
clock=1700000000
wanted=success
shown=
preparing=

# With the clock on by a minute, so that no two commands happen at once.
timed() {
    clock=$((clock + 60))
    GIT_AUTHOR_DATE="@$clock +0000" GIT_COMMITTER_DATE="@$clock +0000" \
        DITS_DATE="@$clock +0000" "$VCS_PROGRAM" "$@"
}

# Without a note of it.
quietly() {
    timed "$@" >"$NOTES/out" 2>&1 </dev/null && return
    cat "$NOTES/out"
    exit 1
}

vcs() {
    if [ -n "$preparing" ]; then
        quietly "$@"
        return
    fi
    status=0
    timed "$@" >"$NOTES/out" 2>"$NOTES/err" </dev/null || status=$?
    printf '%s\0' "$*" >"$NOTES/command"
    echo "$status $wanted $shown" >&8
    read -r _ <&9
    wanted=success
    shown=
}

fails() {
    wanted=failure
    "$@"
}

shows() {
    shown=shown
    "$@"
}

# The id of a revision, for commands that want one.
id() {
    case $VCS in
    git) git rev-parse --verify -q "$1^{commit}" ;;
    dits) "$VCS_PROGRAM" log -n 1 --format=%H "$1" ;;
    esac
}

# ignore PATTERN...: into .gitignore or .ditsignore, in this folder.
ignore() {
    printf '%s\n' "$@" >>".${VCS}ignore"
}

# Settings that both have, under the name that both know.
config() {
    "$VCS_PROGRAM" config "$1" "$2"
}

# --- making input ---

# lines FILE LINE...
lines() {
    file=$1
    shift
    printf '%s\n' "$@" >"$file"
}

# numbers FILE FIRST LAST: one to a line.
numbers() {
    seq "$2" "$3" >"$1"
}

# line NUMBER TEXT FILE: put another text on one line.
line() {
    sed -i "$1s/.*/$2/" "$3"
}

# Bytes that nobody takes for text; the same for the same seed.
binary() { # FILE SEED [SIZE]
    python3 -c 'import random, sys
stream = random.Random(sys.argv[2])
open(sys.argv[1], "wb").write(b"\0\1" + stream.randbytes(int(sys.argv[3])))' \
        "$1" "$2" "${3:-2000}"
}

# commit MESSAGE: everything there is in the work tree.
commit() {
    quietly add -A
    vcs commit -q -m "$1"
}
