#!/bin/sh
# dits push: what is here goes to another repository.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q --bare hub
    dits init -q film
    cd film
    echo one >a
    make_bytes clip.bin 300000 1
    dits add .
    dits commit -qm one
    dits remote add origin "$(address ../hub)"
}

far_id() {
    dits -C ../hub log -1 --format=%H "$1"
}

near_id() {
    dits log -1 --format=%H "$1"
}

edit() {
    echo "$1" >a
    dits commit -qam "$1"
}

# Somebody else's commit on the hub's main.
other() {
    [ -d ../other ] || dits clone -q "$(address ../hub)" ../other
    (
        cd ../other
        dits fetch -q
        dits reset -q --hard origin/main
        echo "$1" >b
        dits add .
        dits commit -qm "$1"
        dits push -q
    )
}

test_a_branch_is_pushed_and_followed() {
    complains 1 'has no upstream branch' dits push
    expect_match 'set-upstream origin main' ../err
    dits push -u origin main 2>../err
    expect_match "^To $(address ../hub)\$" ../err
    expect_match '^ \* \[new branch\] +main +-> main$' ../err
    expect_match '^sent .* in [0-9]+ chunks$' ../err
    expect_equal "$(near_id main)" "$(far_id main)"
    dits -C ../hub fsck --full >../out
    expect_match 'nothing is damaged' ../out
    dits status -sb >../out
    expect_equal '## main...origin/main' "$(cat ../out)"
    edit two
    dits status -sb >../out
    expect_equal '## main...origin/main [ahead 1]' "$(cat ../out)"
    dits push 2>../err
    expect_match '^   [0-9a-f]+\.\.[0-9a-f]+  main +-> main$' ../err
    expect_match '^sent [0-9]+ bytes in 4 chunks$' ../err
    dits push 2>../err
    expect_content 'Everything up-to-date' ../err
    dits -C ../hub reflog show main >../out
    expect_lines 2 ../out
    dits -C ../hub undo -q >../out
    expect_equal one "$(dits -C ../hub log -1 --format=%s main)"
}

test_what_does_not_go_forward_is_rejected() {
    dits push -qu origin main
    other theirs
    edit mine
    complains 1 '^ ! \[rejected\] +main +-> main  \(fetch first\)$' dits push
    expect_match 'failed to push some refs' ../err
    expect_match "Use 'dits pull'" ../err
    dits fetch -q
    complains 1 '\(non-fast-forward\)$' dits push origin main
    expect_equal theirs "$(dits -C ../hub log -1 --format=%s main)"
    dits push -f 2>../err
    expect_match '^ \+ .* main +-> main  \(forced update\)$' ../err
    expect_equal "$(near_id main)" "$(far_id main)"
}

test_a_lease_holds_only_while_nobody_else_pushes() {
    dits push -qu origin main
    edit two
    dits push -q
    dits reset -q --hard HEAD~1
    edit another
    dits push -q --force-with-lease
    other theirs
    dits reset -q --hard HEAD~1
    edit third
    complains 1 '\(stale info\)$' dits push --force-with-lease
    complains 1 '\(stale info\)$' dits push --force-with-lease=main
    dits fetch -q
    dits push -q --force-with-lease=main:origin/main
    expect_equal third "$(dits -C ../hub log -1 --format=%s main)"
}

test_refspecs_tags_and_deleting() {
    dits tag -m release v1
    edit two
    dits push -q origin HEAD~1:refs/heads/old main:new
    expect_equal one "$(dits -C ../hub log -1 --format=%s old)"
    expect_equal "$(near_id main)" "$(far_id new)"
    dits push -q --tags origin
    expect_equal v1 "$(dits -C ../hub tag)"
    dits push -q origin --delete old
    dits push -q origin :refs/heads/new :v1
    expect_equal "" "$(dits -C ../hub branch)"
    expect_equal "" "$(dits -C ../hub tag)"
    complains 1 'remote ref does not exist' dits push origin -d old
    complains 1 'does not match any' dits push origin nothing
    complains 1 "where shall it go" dits push origin HEAD~1
    dits branch side HEAD~1
    dits push -q --all origin
    expect_equal "$(near_id side)" "$(far_id side)"
    dits push -q origin "refs/heads/*:refs/heads/mine/*"
    expect_equal "$(near_id side)" "$(far_id mine/side)"
}

test_a_tag_is_not_moved_without_force() {
    dits tag v1
    dits push -q origin v1
    edit two
    dits tag -f v1 >../out
    complains 1 'already exists' dits push origin v1
    dits push -qf origin v1
    expect_equal "$(near_id v1)" "$(far_id v1)"
}

test_all_or_none() {
    dits branch side
    dits push -q origin main side
    other theirs
    edit two
    dits branch -f side
    complains 1 '\(fetch first\)$' dits push --atomic origin main side
    expect_match 'side +-> side  \(atomic push failed\)$' ../err
    expect_equal one "$(dits -C ../hub log -1 --format=%s side)"
    complains 1 '\(fetch first\)$' dits push origin main side
    expect_equal two "$(dits -C ../hub log -1 --format=%s side)"
}

test_a_dry_run_sends_nothing() {
    dits push -n origin main 2>../err
    expect_match 'new branch' ../err
    expect_equal "" "$(dits -C ../hub branch)"
    dits branch -r >../out
    expect_empty ../out
}

test_the_branch_of_a_work_tree_is_refused() {
    dits clone -q "$(address .)" ../copy
    edit two
    complains 1 '\[remote rejected\] main +-> main  \(branch is currently checked out\)$' \
        dits push "$(address ../copy)" main
    expect_equal one "$(cat ../copy/a)"
    dits push -q "$(address ../copy)" main:incoming
    dits -C ../copy config receive.denyCurrentBranch updateInstead
    dits push -q "$(address ../copy)" main
    expect_equal two "$(cat ../copy/a)"
    expect_equal "" "$(dits -C ../copy status -s)"
    edit three
    echo changed >../copy/a
    complains 1 'cannot push' dits push "$(address ../copy)" main
    expect_equal changed "$(cat ../copy/a)"
    dits -C ../copy config receive.denyCurrentBranch ignore
    dits push -q "$(address ../copy)" main
    expect_equal changed "$(cat ../copy/a)"
    expect_equal three "$(dits -C ../copy log -1 --format=%s main)"
    dits -C ../copy worktree add -q ../beside incoming
    complains 1 'checked out in a work tree' dits push "$(address ../copy)" main:incoming
    complains 1 'deletion of the current branch' dits push "$(address ../copy)" :main
}

test_the_other_side_may_deny() {
    dits push -q origin main
    dits push -q origin main:side
    dits -C ../hub config receive.denyNonFastForwards true
    dits -C ../hub config receive.denyDeletes true
    complains 1 'deletion prohibited' dits push origin :side
    edit two
    dits push -q origin main
    dits reset -q --hard HEAD~1
    edit another
    complains 1 '\[remote rejected\].*\(non-fast-forward\)$' dits push -f origin main
}

test_the_hook_may_refuse() {
    mkdir -p .dits/hooks
    cat >.dits/hooks/pre-push <<'END'
#!/bin/sh
echo "$1 $2" >../hook
cat >>../hook
[ ! -e ../no ]
END
    chmod +x .dits/hooks/pre-push
    touch ../no
    complains 1 "the hook 'pre-push' refuses" dits push origin main
    expect_equal "" "$(dits -C ../hub branch)"
    zero=0000000000000000000000000000000000000000000000000000000000000000
    expect_content "origin $(address ../hub)
refs/heads/main $(near_id main) refs/heads/main $zero" ../hook
    rm ../no ../hook
    dits push -q origin main
    expect_file ../hook
    dits push -q --no-verify origin main:again
    dits push -q origin :again
    expect_match "^\(delete\) $zero refs/heads/again [0-9a-f]+$" ../hook
}

test_json() {
    dits --json push origin main >../out
    expect_match '^\{"source": "refs/heads/main", "target": "refs/heads/main", "before": .*, "change": "new", "reason": null\}$' ../out
}

test_a_shallow_history_makes_nobody_shallow() {
    edit two
    dits push -q origin main
    dits clone -q --depth 1 "$(address ../hub)" ../small
    cd ../small
    echo more >c
    dits add .
    dits commit -qm more
    dits push -q
    expect_equal more "$(dits -C ../hub log -1 --format=%s main)"
    expect_no_file ../hub/.dits/shallow
    dits init -q --bare ../empty
    complains 1 'shallow' dits push "$(address ../empty)" main
    expect_equal "" "$(dits -C ../empty branch)"
}

# Of two that push to one branch one wins; to two branches both do.
test_two_pushes_at_once() {
    dits push -qu origin main
    for name in x y; do
        dits clone -q "$(address ../hub)" "../$name"
        (
            cd "../$name"
            echo "$name" >"$name"
            make_bytes "big.$name" 2000000 "$name"
            dits add .
            dits commit -qm "$name"
        )
    done
    for round in 1 2 3; do
        dits -C ../hub branch -f "round-$round" main >../out
        for name in x y; do
            (
                code=0
                dits -C "../$name" push origin "main:round-$round" \
                    "main:$name-$round" 2>"../err.$name" || code=$?
                echo $code >"../code.$name"
            ) &
        done
        wait
        cat ../err.x ../err.y >../err
        expect_equal 1 $(($(cat ../code.x) + $(cat ../code.y)))
        expect_match '! \[(remote )?rejected\]' ../err
        winner=x
        [ "$(cat ../code.x)" = 0 ] || winner=y
        expect_equal "$winner" \
            "$(dits -C ../hub log -1 --format=%s "round-$round")"
        expect_equal x "$(dits -C ../hub log -1 --format=%s "x-$round")"
        expect_equal y "$(dits -C ../hub log -1 --format=%s "y-$round")"
    done
    dits -C ../hub fsck --full >../out
    expect_match 'nothing is damaged' ../out
}

# killed_after SECONDS COMMAND...: if it is not done by then.
killed_after() {
    status=0
    timeout -s KILL "$@" || status=$?
    case $status in
    0 | 137) ;;
    *) fail "status $status: $*" ;;
    esac
}

# Killed anywhere, it leaves the state before or after; said again, it goes on.
test_a_killed_push_or_fetch_goes_on() {
    for round in 1 2 3 4 5 6 7 8; do
        make_bytes "take.$round" 3000000 "$round"
        dits add .
        dits commit -qm "take $round"
        before=$(dits -C ../hub ls-remote --refs . | wc -l)
        killed_after "0.0$round" dits push -q origin "main:take-$round"
        dits -C ../hub fsck >../out
        expect_match 'nothing is damaged' ../out
        [ "$before" -le "$(dits -C ../hub ls-remote --refs . | wc -l)" ]
        dits push -q origin "main:take-$round"
        expect_equal "$(near_id main)" "$(far_id "take-$round")"
        [ -d ../copy ] || dits init -q ../copy
        (
            cd ../copy
            killed_after "0.0$round" dits fetch -q "$(address ../hub)" \
                "take-$round:take-$round"
            dits fsck >../out
            expect_match 'nothing is damaged' ../out
            dits fetch -q "$(address ../hub)" "take-$round:take-$round"
        )
        expect_equal "$(near_id main)" \
            "$(dits -C ../copy log -1 --format=%H "take-$round")"
    done
    dits -C ../copy fsck --full >../out
    expect_match 'nothing is damaged' ../out
}

test_what_was_obliterated_does_not_travel() {
    make_bytes secret.bin 200000 7
    dits add .
    dits commit -qm secret
    dits rm -q secret.bin
    dits commit -qm removed
    dits obliterate -q --yes --reason=rights secret.bin
    dits push -q origin main
    dits -C ../hub fsck --full >../out 2>&1
    expect_no_match 'damaged: [1-9]' ../out
    dits clone -q "$(address ../hub)" ../copy
    expect_equal "$(near_id main)" \
        "$(dits -C ../copy log -1 --format=%H main)"
}

run_tests
