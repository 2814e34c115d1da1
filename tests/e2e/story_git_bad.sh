#!/bin/sh
# Repositories of git that are broken, or made to harm: what can come comes,
# the rest is told, nothing outside is touched, and nothing is half there.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    command -v git >/dev/null || skip "no git"
    git config --global user.name "Git User"
    git config --global user.email git@example.com
    git config --global init.defaultBranch main
    git init -q git
    cd git
    echo content >file
    git add file
    git commit -qm one
    blob=$(git rev-parse HEAD:file)
    tree=$(git rev-parse "HEAD^{tree}")
    first=$(git rev-parse HEAD)
    dits init -q ../victim
}

# entry MODE NAME ID: a line of a tree, as git stores it.
entry() {
    python3 - "$@" <<'END'
import sys
mode, name, id = sys.argv[1:]
sys.stdout.buffer.write(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(id))
END
}

# make KIND: standard input becomes an object, whatever it is. Prints its id.
make() {
    git hash-object --literally -w -t "$1" --stdin
}

# commit_of TREE [PARENT...]
commit_of() {
    {
        echo "tree $1"
        shift
        for parent; do echo "parent $parent"; done
        echo "author A <a@b> 1700000000 +0000"
        echo "committer A <a@b> 1700000000 +0000"
        echo
        echo bad
    } | make commit
}

# come_in: import it; the status goes to `status`.
come_in() {
    status=0
    (cd ../victim && timeout 60 dits import git ../git) >../out 2>../said || status=$?
    [ "$status" -le 1 ] || fail "status $status"
    (cd ../victim && dits fsck --full >../fsck)
}

# expect_refused PATTERN: nothing came in, and it says why.
expect_refused() {
    come_in
    cat ../said
    expect_equal 1 "$status"
    expect_match "$1" ../said
    expect_equal "" "$(cd ../victim && dits branch)"
    expect_equal "" "$(cd ../victim && ls)"
}

test_names_that_lead_elsewhere() {
    for name in .git .GIT .dits .Dits .. . "a/b" "" ".git "; do
        bad=$({ entry 100644 "$name" "$blob" && entry 100644 zz "$blob"; } | make tree)
        git update-ref refs/heads/main "$(commit_of "$bad")"
        rm -rf ../victim
        dits init -q ../victim
        come_in
        (cd ../victim && find . -path ./.dits -prune -o -type f -print) >../there
        expect_no_match '/\.(git|dits)/?$' ../there
        expect_no_file ../b
        expect_file ../victim/.dits/meta.db
        if [ "$status" -eq 0 ]; then
            expect_file ../victim/zz
        fi
    done
}

test_a_folder_named_dits() {
    inner=$(entry 100755 pre-commit "$blob" | make tree)
    hooks=$(entry 40000 hooks "$inner" | make tree)
    for name in .dits .DITS .git; do
        bad=$({ entry 40000 "$name" "$hooks" && entry 100644 zz "$blob"; } | make tree)
        git update-ref refs/heads/main "$(commit_of "$bad")"
        rm -rf ../victim
        dits init -q ../victim
        come_in
        expect_no_file ../victim/.dits/hooks/pre-commit
        expect_no_file ../victim/.git
    done
}

test_a_file_behind_a_symlink() {
    mkdir ../outside
    link=$(printf ../outside | make blob)
    inner=$(entry 100644 caught "$blob" | make tree)
    bad=$({ entry 120000 a "$link" && entry 40000 a "$inner"; } | make tree)
    git update-ref refs/heads/main "$(commit_of "$bad")"
    come_in
    expect_no_file ../outside/caught
}

test_names_of_any_length() {
    for size in 255 256 5000 70000; do
        name=$(printf "%${size}s" x | tr ' ' x)
        bad=$({ printf '100644 %s\0' "$name" && printf %s "$blob" |
            python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))'; } | make tree)
        git update-ref refs/heads/main "$(commit_of "$bad")"
        rm -rf ../victim
        dits init -q ../victim
        come_in
        [ "$size" -gt 255 ] || expect_equal 0 "$status"
    done
}

test_folders_of_any_depth() {
    python3 - "$blob" >../deep <<'END'
import hashlib, os, sys, zlib
id, kind = bytes.fromhex(sys.argv[1]), b"100644"
for depth in range(3000):
    body = kind + b" d\0" + id
    data = b"tree %d\0" % len(body) + body
    name = hashlib.sha1(data).hexdigest()
    folder = f".git/objects/{name[:2]}"
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{name[2:]}", "wb") as out:
        out.write(zlib.compress(data, 1))
    id, kind = bytes.fromhex(name), b"40000"
print(id.hex())
END
    git update-ref refs/heads/main "$(commit_of "$(cat ../deep)")"
    expect_refused 'deep|long|nested|levels'
}

test_trees_that_are_none() {
    printf 'no tree at all' >../bad1
    entry 100644 a "$blob" | head -c 20 >../bad2
    { entry 100644 b "$blob" && entry 100644 b "$blob"; } >../bad3
    entry 777777777777 a "$blob" >../bad4
    for bad in ../bad1 ../bad2 ../bad4; do
        git update-ref refs/heads/main "$(commit_of "$(make tree <"$bad")")"
        expect_refused 'tree|entry|mode|corrupt|damaged'
    done
    git update-ref refs/heads/main "$(commit_of "$(make tree <../bad3)")"
    come_in # twice the same name: one of them, or refused
}

test_commits_that_are_none() {
    for text in '' 'no commit' "tree $tree" 'tree 1234' \
        "tree $tree
author
committer

x" "tree $tree
parent $first$first
author A <a@b> 1 +0000
committer A <a@b> 1 +0000

x"; do
        git update-ref refs/heads/main "$first"
        bad=$(printf '%s' "$text" | make commit)
        echo "$bad" >.git/refs/heads/main
        expect_refused '.'
    done
}

test_objects_that_are_missing_or_something_else() {
    nowhere=1234567890123456789012345678901234567890
    for bad in "$(commit_of $nowhere)" "$(commit_of "$tree" $nowhere)" \
        "$(commit_of "$blob")" "$(commit_of "$tree" "$blob")" \
        "$(commit_of "$(entry 100644 a $nowhere | make tree)")" \
        "$(commit_of "$(entry 40000 a $nowhere | make tree)")" \
        "$(commit_of "$(entry 100644 a "$tree" | make tree)")" \
        "$(commit_of "$(entry 40000 a "$blob" | make tree)")"; do
        echo "$bad" >.git/refs/heads/main
        expect_refused '.'
    done
}

test_refs_to_nowhere() {
    echo 1234567890123456789012345678901234567890 >.git/refs/heads/nowhere
    come_in
    if [ "$status" -eq 0 ]; then
        expect_equal main "$(cd ../victim && dits branch --show-current)"
        expect_equal 1 "$(cd ../victim && dits branch | wc -l)"
    fi
    rm .git/refs/heads/nowhere
    echo "ref: refs/heads/loop2" >.git/refs/heads/loop1
    echo "ref: refs/heads/loop1" >.git/refs/heads/loop2
    echo garbage >.git/refs/heads/garbage
    come_in
    rm .git/refs/heads/*
    echo "ref: refs/heads/gone" >.git/HEAD
    rm -rf ../victim
    dits init -q ../victim
    come_in
    expect_equal "" "$(cd ../victim && dits branch)"
}

test_replacements_are_not_followed() {
    second=$(commit_of "$tree" "$first")
    git update-ref refs/heads/main "$second"
    git update-ref "refs/replace/$first" "$second"
    git update-ref "refs/replace/$second" "$first"
    come_in
    expect_equal 0 "$status"
    expect_equal 2 "$(cd ../victim && dits log --oneline | wc -l)"
    expect_no_match replace ../out
}

test_grafts_that_go_round() {
    second=$(commit_of "$tree" "$first")
    git update-ref refs/heads/main "$second"
    mkdir -p .git/info
    echo "$first $second" >.git/info/grafts
    come_in
}

test_alternates_that_are_not_there() {
    mkdir -p .git/objects/info
    printf '%s\n' /nowhere/objects ../../../git/.git/objects >.git/objects/info/alternates
    come_in
    rm -r .git/objects/??
    rm -rf ../victim
    dits init -q ../victim
    expect_refused '.'
}

# A repository names programs that git would run: none is.
test_nothing_of_theirs_is_run() {
    for key in core.fsmonitor core.sshCommand core.pager core.editor \
        uploadpack.packObjectsHook filter.x.smudge filter.x.clean diff.external; do
        git config "$key" "touch $PWD/../caught"
    done
    git config core.hooksPath "$PWD/.git/hooks"
    mkdir -p .git/hooks
    for hook in post-checkout reference-transaction pre-auto-gc post-index-change; do
        printf '#!/bin/sh\ntouch %s/../caught\n' "$PWD" >.git/hooks/$hook
        chmod +x .git/hooks/$hook
    done
    mixed=$({ entry 100644 .gitattributes "$(echo '* filter=x' | make blob)" &&
        entry 100644 file "$blob"; } | make tree)
    git update-ref refs/heads/main "$(commit_of "$mixed")" 2>../ignored
    rm -f ../caught
    come_in
    expect_equal 0 "$status"
    expect_no_file ../caught
}

run_tests
