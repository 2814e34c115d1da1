#!/bin/sh
# dits bisect: the commit that brought a change, by halving.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=pair.sh
. "$(dirname "$0")/pair.sh"

setup() {
    dits init -q repo
    cd repo
    for n in 1 2 3 4 5 6 7 8 9; do
        echo $n >f
        [ $n -lt 6 ] || echo bug >bug
        dits add .
        DITS_DATE="@$((1700000000 + n))" dits commit -qm "c$n"
    done
}

subject() {
    dits log -n 1 --format=%s "$@"
}

test_by_hand() {
    dits bisect start >../out
    expect_content 'status: waiting for both good and bad commits' ../out
    dits bisect good HEAD~8 >../out
    expect_content 'status: waiting for bad commit, 1 good commit known' ../out
    dits bisect bad >../out
    expect_match '^Bisecting: 3 revisions left to test after this \(roughly 2 steps\)$' ../out
    expect_match '^\[[0-9a-f]{64}\] c5$' ../out
    expect_content 5 f
    dits bisect good >../out
    expect_content 7 f
    dits bisect bad >../out
    expect_content 6 f
    dits bisect bad >../out
    expect_match '^[0-9a-f]{64} is the first bad commit$' ../out
    expect_match '^    c6$' ../out
    expect_match ' bug +\| +1 \+$' ../out
    dits bisect log >../log
    expect_match '^dits bisect start$' ../log
    expect_match '^# first bad commit: \[[0-9a-f]{64}\] c6$' ../log
    expect_lines 12 ../log
    dits bisect reset 2>../err
    expect_match "Switched to branch 'main'" ../err
    expect_content 9 f
    dits status >../out
    expect_match 'On branch main' ../out
    dits bisect reset 2>../err
    expect_match 'We are not bisecting' ../err
}

test_each_step_can_be_undone() {
    dits bisect start HEAD HEAD~8 >../out
    expect_content 5 f
    echo "never committed" >new
    dits bisect good >../out
    expect_content 7 f
    dits undo >../out
    expect_content 5 f
    expect_content "never committed" new
    dits bisect bad >../out
    expect_content 3 f
    dits undo >../out
    dits undo >../out
    expect_content 9 f
    expect_failure 1 dits bisect good
    expect_match "no bisection is under way" stderr
    dits redo >../out
    expect_content 5 f
    dits bisect log >../out
}

test_run() {
    dits bisect start HEAD HEAD~8 >/dev/null
    dits bisect run test ! -e bug >../out
    expect_match '^[0-9a-f]{64} is the first bad commit$' ../out
    expect_match '^    c6$' ../out
    expect_last_line 'bisect found first bad commit' ../out
    dits bisect start main main~8 >/dev/null
    # shellcheck disable=SC2016 # text for another shell
    dits bisect run sh -c 'case $(cat f) in 3 | 8) exit 125 ;; esac; test ! -e bug' >../out
    expect_match '^    c6$' ../out
    dits bisect reset -q
    dits bisect start HEAD HEAD~8 >/dev/null
    expect_failure 1 dits bisect run ./nothing-there
    expect_match "cannot be run: exit status 127" stderr
    expect_failure 1 dits bisect run sh -c 'exit 200'
    expect_match "neither good nor bad" stderr
    expect_content 5 f
}

test_only_skipped_are_left() {
    dits bisect start HEAD HEAD~3 >/dev/null
    dits bisect skip HEAD HEAD~1 >/dev/null || :
    status=0
    dits bisect skip main~1 >../out || status=$?
    expect_equal 2 $status
    expect_match "^There are only 'skip'ped commits left to test.$" ../out
    expect_match '^We cannot bisect more!$' ../out
}

test_terms_and_paths() {
    dits bisect start --term-old slow --term-new fast HEAD HEAD~8 >/dev/null
    dits bisect terms >../out
    printf 'Your current terms are slow for the old state\nand fast for the new state.\n' |
        diff -u - ../out
    dits bisect slow >/dev/null
    dits bisect fast >../out
    dits bisect old >../out
    expect_match '^[0-9a-f]{64} is the first fast commit$' ../out
    dits bisect reset -q
    dits bisect start HEAD HEAD~8 -- bug >../out
    expect_match '^Bisecting: 0 revisions left' ../out
    dits bisect bad >../out
    expect_match '^[0-9a-f]{64} is the first bad commit$' ../out
    dits bisect reset -q
    status=0
    dits bisect start HEAD HEAD~2 -- bug >../out 2>../err || status=$?
    expect_equal 1 $status
    expect_match 'No testable commit found' ../err
}

test_changes_in_the_way_stop_it() {
    echo mine >f
    expect_failure 1 dits bisect start HEAD HEAD~8
    expect_content mine f
    expect_failure 1 dits bisect log
    dits restore f
    dits bisect start HEAD HEAD~8 >/dev/null
    expect_content 5 f
}

test_unfinished_work_stops_it() {
    dits switch -q -c side HEAD~8
    echo side >f
    dits commit -qam side
    dits switch -q main
    dits merge side >/dev/null 2>&1 || :
    expect_failure 1 dits bisect start HEAD HEAD~8
    expect_match "cannot bisect: a merge is not finished" stderr
    expect_match "hint: .*dits merge --abort" stderr
    expect_failure 1 dits bisect log
    dits merge --abort -q
    dits bisect start HEAD HEAD~8 >/dev/null
    dits merge side >/dev/null 2>&1 || :
    expect_failure 1 dits bisect good
    expect_failure 1 dits bisect reset
    expect_match "cannot bisect: a merge is not finished" stderr
    dits merge --abort -q
    dits bisect good >/dev/null
    expect_content 7 f
}

test_json_gc_and_fsck() {
    dits bisect start --json HEAD HEAD~8 >../out
    expect_each_line '^\{"outcome": "testing", "commit": "[0-9a-f]{64}", "left": 3, "steps": 2, "candidates": \[\]\}$' ../out
    dits gc --prune=now >/dev/null 2>&1
    dits bisect log >../out
    dits fsck >../out
    expect_match 'nothing is damaged' ../out
    expect_equal 9 "$(dits log --all --oneline | wc -l)"
}

test_unknown_operands_and_usage() {
    expect_failure 2 dits bisect
    expect_failure 2 dits bisect frobnicate
    expect_failure 1 dits bisect good
    expect_failure 1 dits bisect terms
    expect_failure 1 dits bisect start nothing
    expect_failure 1 dits bisect start HEAD~8 HEAD
    expect_match "does not come before" stderr
    expect_failure 1 dits bisect start --term-old skip
    expect_failure 2 dits bisect run
    expect_failure 2 dits bisect log -- f
}

# --- the same with git ---

# How a whole bisection goes: what is tested, step by step, and the result.
# halve FIRST_BAD SKIPPED START...
halve() {
    first=$1
    skipped=$2
    shift 2
    for program in git dits; do
        (
            cd "$top/$program"
            $program bisect start "$@"
            for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
                at=$($program log -n 1 --format=%s)
                case " $skipped " in
                *" $at "*) answer=skip ;;
                *) if [ -e "contains-$first" ]; then answer=bad; else answer=good; fi ;;
                esac
                $program bisect $answer >"$top/$program.step" || :
                cat "$top/$program.step"
                grep -qE 'is the first|We cannot bisect' "$top/$program.step" && break
            done
            $program bisect reset
        ) >"$top/$program.out" 2>/dev/null
        name_ids $program
        sed '/^commit/,$d' "$top/$program.said" >"$top/$program.steps"
        mv "$top/$program.steps" "$top/$program.said"
    done
}

halve_alike() {
    halve "$@"
    diff -u "$top/git.said" "$top/dits.said" >&2 || fail "they go other ways: $*"
    grep -q 'is the first bad commit' "$top/git.said" || fail "no result: $*"
}

# With skips, git chooses among equals by ids, which are others: the end is one.
end_alike() {
    halve "$@"
    for program in git dits; do
        sed -n '/is the first/p;/^There are only/,$p' "$top/$program.said" |
            LC_ALL=C sort >"$top/$program.end"
    done
    diff -u "$top/git.end" "$top/dits.end" >&2 || fail "they end elsewhere: $*"
}

draw() {
    make_pair
    for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do
        edit "echo $n >f; touch contains-c$n"
        commit "c$n"
        if [ "$n" -eq 6 ] || [ "$n" -eq 12 ]; then
            both branch side$n
            both switch -q side$n
            for s in 1 2 3; do
                edit "echo $s >g; touch contains-s$n-$s"
                commit "s$n-$s"
            done
            both switch -q main
        fi
        if [ "$n" -eq 9 ] || [ "$n" -eq 15 ]; then
            side=side$((n - 3))
            edit "touch contains-s$((n - 3))-1 contains-s$((n - 3))-2 contains-s$((n - 3))-3 contains-m$n; echo 3 >g"
            merge_on "m$n" main $side
        fi
    done
    learn_ids
}

test_as_git_does() {
    cd ..
    draw
    for first in c2 c5 s6-1 s6-3 c8 m9 c11 s12-2 m15 c16 c17; do
        halve_alike $first "" main "$(first_of)"
    done
    halve_alike c4 "" main~3 "$(first_of)"
    halve_alike s6-2 "" main "$(first_of)" side6~2
    halve_alike s6-2 "" main "$(first_of)" -- f g
    halve_alike c8 "" main "$(first_of)" -- f
    end_alike c8 "c7" main "$(first_of)"
    end_alike c11 "m9 c10 c12 s6-2" main "$(first_of)"
    end_alike c5 "c4 c6" main "$(first_of)"
    end_alike c3 "c2 c4 c9" main "$(first_of)"
}

# A name of the first commit that both know.
first_of() {
    git -C "$top/git" tag -f first "$(git -C "$top/git" rev-list --max-parents=0 HEAD | tail -n 1)" >/dev/null
    dits -C "$top/dits" tag -f first "$(dits -C "$top/dits" log --format=%H --reverse | head -n 1)"
    echo first
}

run_tests
