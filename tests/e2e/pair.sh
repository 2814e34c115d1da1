# tests/e2e/pair.sh - the same history in git and in Dits, side by side
#
# Sourced after lib.sh. make_pair makes the folders `git` and `dits`; `both`
# runs a command in each; commits get the same times, one minute apart.
# `merge_on MESSAGE PARENT...` records what is staged on these parents.
# `compare` runs a question in both, with ids told by the commits' subjects.
# shellcheck shell=sh

moment=1700000000
top=$PWD

need_git() {
    command -v git >/dev/null || skip "no git"
}

make_pair() {
    need_git
    top=$PWD
    export GIT_CONFIG_NOSYSTEM=1
    git init -q -b main git
    git -C git config user.name "Test Editor"
    git -C git config user.email editor@example.com
    git -C git config advice.detachedHead false
    dits init -q dits
}

# From now on it is a minute later.
tick() {
    moment=$((moment + 60))
    export GIT_AUTHOR_DATE="$moment +0000" GIT_COMMITTER_DATE="$moment +0000"
    export DITS_DATE="@$moment" COMMIT_TIME="$moment"
}

# The same shell text in both work trees.
edit() {
    (cd "$top/git" && sh -euc "$1")
    (cd "$top/dits" && sh -euc "$1")
}

both() {
    (cd "$top/git" && git "$@") >"$top/git.out" 2>"$top/git.err" ||
        { cat "$top/git.err" >&2; fail "git $*"; }
    (cd "$top/dits" && dits "$@") >"$top/dits.out" 2>"$top/dits.err" ||
        { cat "$top/dits.err" >&2; fail "dits $*"; }
}

# commit MESSAGE: everything, a minute later.
commit() {
    tick
    both add -A
    (cd "$top/git" && git commit -q --allow-empty -m "$1")
    (cd "$top/dits" && dits commit -q --allow-empty -m "$1")
}

merge_on() {
    tick
    both add -A
    message=$1
    shift
    parents=
    for parent in "$@"; do
        parents="$parents -p $(git -C "$top/git" rev-parse "$parent^{commit}")"
    done
    # shellcheck disable=SC2086 # a list of options
    made=$(cd "$top/git" && git commit-tree $parents -m "$message" "$(git write-tree)")
    git -C "$top/git" update-ref "$(git -C "$top/git" symbolic-ref HEAD)" "$made"
    (cd "$top/dits" && "$DITS_BUILD/../../tests/e2e/commit-on" "$message" "$@" >/dev/null)
}

# Pairs of an id and a subject, as sed needs them: whole ids become <subject>,
# so do short ones of 7 digits or more.
learn_ids() {
    git -C "$top/git" log --all --format='%H %s' >"$top/git.ids"
    dits -C "$top/dits" log --all --format='%H %s' >"$top/dits.ids"
    cat >"$top/names.py" <<'END'
import re
import sys
known = {}
for line in open(sys.argv[1]):
    name, subject = line.rstrip("\n").split(" ", 1)
    known[name] = subject
def told(match):
    digits = match.group(0)
    for name, subject in known.items():
        if name.startswith(digits):
            return "<" + subject + ">"
    return digits
for line in sys.stdin.buffer:
    text = line.decode("utf-8", "surrogateescape")
    text = re.sub(r"(?<![0-9a-z])[0-9a-f]{7,64}(?![0-9a-z])|(?<=-g)[0-9a-f]{7,64}",
                  told, text)
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
END
}

name_ids() { # git or dits
    if grep -qaE '[0-9a-f]{7}' "$top/$1.out"; then
        python3 "$top/names.py" "$top/$1.ids" <"$top/$1.out"
    else
        cat "$top/$1.out"
    fi >"$top/$1.said"
}

# compare COMMAND...: the output with named ids, and whether it failed.
compare() {
    git_status=0
    (cd "$top/git" && git "$@") >"$top/git.out" 2>"$top/git.err" || git_status=$?
    dits_status=0
    (cd "$top/dits" && dits "$@") >"$top/dits.out" 2>"$top/dits.err" || dits_status=$?
    name_ids git
    name_ids dits
    diff -u "$top/git.said" "$top/dits.said" >&2 || fail "they say: $*"
    [ "$git_status" -ne 128 ] || git_status=1 # a fatal error
    [ "$git_status" -ne 129 ] || git_status=2 # the command line
    if [ "$git_status" -ne "$dits_status" ]; then
        cat "$top/git.err" "$top/dits.err" >&2
        fail "$*: git ends with $git_status, dits with $dits_status"
    fi
}
