#!/bin/sh
# A day's work, done with dits and with git side by side: after each step the
# work trees hold the same bytes, and both tell the same state.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    command -v git >/dev/null || skip "no git"
    top=$PWD
    git init -q -b main git
    git -C git config user.name "Test Editor"
    git -C git config user.email editor@example.com
    git -C git config core.quotePath false
    dits init -q dits
    step=0
}

# What both trees hold, links and executable bits too.
listing() {
    (cd "$1" && find . -path "./.$1" -prune -o -printf '%P %y %l %m\n' |
        sed 's/ d .*/ d/; /^ /d' | LC_ALL=C sort)
}

compare() {
    step=$((step + 1))
    diff -r --no-dereference --exclude=.git --exclude=.dits "$top/git" "$top/dits" >&2 ||
        fail "the trees differ after step $step: $*"
    listing git >"$top/git.list"
    listing dits >"$top/dits.list"
    diff "$top/git.list" "$top/dits.list" >&2 ||
        fail "kinds of files differ after step $step: $*"
    git -C "$top/git" status --porcelain | LC_ALL=C sort >"$top/git.state"
    dits -C "$top/dits" status --porcelain | LC_ALL=C sort >"$top/dits.state"
    diff "$top/git.state" "$top/dits.state" >&2 ||
        fail "the states differ after step $step: $*"
}

# The same command for both, in the same folder of both.
both() {
    (cd "git/${at:-}" && git "$@") >git.out 2>&1 || fail "git $*"
    (cd "dits/${at:-}" && dits "$@") >dits.out 2>&1 ||
        { cat dits.out >&2; fail "dits $*"; }
    compare "$@"
}

# Neither may do it.
neither() {
    if (cd git && git "$@") >git.out 2>&1; then fail "git did: $*"; fi
    if (cd dits && dits "$@") >dits.out 2>&1; then fail "dits did: $*"; fi
    compare "$@"
}

# A change of the user's own, in both trees.
edit() {
    (cd git && sh -euc "$1")
    (cd dits && sh -euc "$1")
    compare "$1"
}

same_history() {
    git -C git log --format=%s "$@" >git.log
    dits -C dits log --format=%s "$@" >dits.log
    diff git.log dits.log >&2 || fail "the histories differ: $*"
}

morning() {
    make_video clip.mov 4 1
    edit 'mkdir -p rushes/a edit; cp ../clip.mov rushes/a/take1.mov
        cp ../clip.mov rushes/a/take2.mov; echo "<timeline/>" >edit/main.xml
        printf "*.tmp\n/renders/\n!keep.tmp\n" >.gitignore
        cp .gitignore .ditsignore; : >empty; ln -s edit/main.xml current
        printf "#!/bin/sh\n" >export.sh; chmod +x export.sh
        touch x.tmp keep.tmp; mkdir renders; echo r >renders/r.mov'
    both add .
    both commit -qm "rushes of day one"
    both mv rushes/a/take2.mov rushes/a/take3.mov
    both commit -qm "take 2 was take 3"
    at=edit both mv main.xml feature.xml
    both commit -qam "name the edit"
    same_history
}

branches() {
    both switch -qc titles
    edit 'printf "title\n" >titles.txt; printf "<titles/>\n" >>edit/feature.xml'
    both add titles.txt
    both commit -qam "titles"
    both tag t1
    both switch -q main
    edit 'printf "<music/>\n" >>edit/feature.xml'
    neither switch titles
    both commit -qam "music"
    both switch -q -
    both checkout -q main
    both checkout -q -b grading t1
    edit 'chmod -x export.sh; rm current; ln -s titles.txt current'
    both add -u
    both commit -qm "grading"
    both switch -q --detach HEAD~1
    both switch -q main
    same_history
    same_history titles
    same_history main..grading
    git -C git branch --format='%(refname:short)' >git.branches
    dits -C dits completion --words=branches >dits.branches
    diff git.branches dits.branches
}

second_thoughts() {
    edit 'echo oops >empty; rm rushes/a/take1.mov; echo more >>edit/feature.xml'
    both restore rushes/a/take1.mov
    both add empty
    both restore --staged empty
    both restore .
    edit 'echo "<end/>" >>edit/feature.xml'
    both commit -qam "the ned"
    both commit -q --amend -m "the end"
    both restore --source=HEAD~2 edit/feature.xml
    both checkout HEAD -- edit/feature.xml
    both checkout titles -- titles.txt
    both rm -q -f titles.txt
    both rm -q -r rushes
    both commit -qm "rushes went to the archive"
    both checkout HEAD~1 -- rushes
    both commit -qm "and came back"
    edit 'dd if=/dev/zero of=rushes/a/take1.mov bs=1 count=1 seek=5000 conv=notrunc 2>/dev/null'
    both add -A
    both commit -qm "one byte of a take"
    both rm -q --cached empty
    both commit -qm "empty is not ours"
    same_history
}

odd_changes() {
    edit 'rm -f empty; mkdir empty; echo now a folder >empty/file'
    both add -A
    both commit -qm "a file becomes a folder"
    edit 'rm -r empty; ln -s edit empty'
    both add -A
    both commit -qm "and a link"
    both switch -q titles
    both switch -q grading
    both switch -q main
    edit 'mkdir -p "é/日本"; echo x >"é/日本/a b.txt"; echo y >"-dash"; echo z >":colon"'
    both add -A
    both commit -qm "names"
    edit 'rm ./-dash; mv ":colon" "é"'
    both add --all
    both commit -qm "names again"
    same_history
}

test_a_day() {
    compare start
    morning
    branches
    second_thoughts
    odd_changes
    dits -C dits fsck --full >fsck.out
    # And each commit of the day, again.
    for back in 0 1 2 3 5 8; do
        (cd git && git checkout -q --detach main~$back)
        (cd dits && dits checkout -q --detach main~$back)
        compare "main~$back"
    done
}

run_tests
