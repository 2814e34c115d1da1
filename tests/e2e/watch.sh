#!/bin/sh
# dits watch: what happens in a repository.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=far_and_near.sh
. "$(dirname "$0")/far_and_near.sh"

watcher=
on_exit() {
    [ -z "$watcher" ] || kill "$watcher" 2>/dev/null || :
}

setup() {
    trap on_exit EXIT
    make_far_and_near
}

# What the refs are, put together from the events alone.
refs_by_events() {
    sed -n 's/.*"ref": "\([^"]*\)".*"after": "\{0,1\}\([0-9a-f]*\|null\)"\{0,1\}, "user.*/\1 \2/p' |
        awk '{ if ($2 == "null") delete at[$1]; else at[$1] = $2 }
            END { for (ref in at) print at[ref] "\t" ref }' | sort -k 2
}

test_events_are_told_in_order() {
    dits watch --all --once ../far >../out
    expect_equal 4 "$(wc -l <../out)"
    expect_match '^1  .*  refs/heads/main  new [0-9a-f]{10}  Test Editor <editor@example.com>  commit \(initial\): one$' ../out
    expect_match '^2  .*  refs/heads/main  [0-9a-f]{10}\.\.[0-9a-f]{10}  .*  commit: two$' ../out
    expect_match '^3  .*  refs/tags/v1  new ' ../out
    expect_match '^4  .*  refs/heads/side  new ' ../out
    dits -C ../far branch -D side
    dits watch --after 4 --once origin >../out
    expect_lines 1 ../out
    expect_match '^5  .*  refs/heads/side  removed, was [0-9a-f]{10}' ../out
    dits watch --once origin >../out
    expect_empty ../out
}

test_refs_are_the_sum_of_their_events() {
    cd ../far
    dits branch -m side other
    dits undo >/dev/null
    dits commit -q --amend -m better
    dits tag -d v1 >/dev/null
    dits switch -q -c third
    dits --json watch --all --once >../events
    refs_by_events <../events >../summed
    dits ls-remote --refs . | sort -k 2 >../listed
    expect_equal "$(cat ../listed)" "$(cat ../summed)"
}

test_what_was_fetched_of_others_is_no_event() {
    dits fetch -q
    dits watch --all --once >../out
    expect_lines 1 ../out
    expect_match 'refs/tags/v1' ../out
}

# The first look may come after the commit: then there is another one.
sees_a_commit() {
    (cd ../far && dits commit -q --allow-empty -m more)
    grep -q 'commit: more$' ../out
}

test_events_come_while_one_waits() {
    dits watch ../far >../out &
    watcher=$!
    eventually sees_a_commit
    kill "$watcher"
    wait "$watcher" || :
    watcher=
}

test_whoever_goes_on_misses_nothing_and_sees_nothing_twice() {
    place=$(dits --json watch --all --once ../far | sed -n '2s/.*"place": "\([^"]*\)".*/\1/p')
    for number in 1 2 3 4 5; do
        (cd ../far && dits commit -q --allow-empty -m "commit $number")
        dits --json watch --after "$place" --once ../far >../part
        cat ../part >>../parts
        place=$(tail -1 ../part | sed 's/.*"place": "\([^"]*\)".*/\1/')
    done
    dits --json watch --after 2 --once ../far >../whole
    expect_equal "$(cat ../whole)" "$(cat ../parts)"
    expect_lines 7 ../whole
}

test_a_place_that_is_not_known_any_more_is_told() {
    dits watch --once --after 0000000000000000:1 ../far >../out 2>../err
    expect_empty ../out
    expect_match 'not known any more' ../err
    dits --json watch --once --after 99 ../far >../out
    expect_match '^\{"lost": true, "place": "[0-9a-f]{16}:4"\}$' ../out
    cd ../far
    dits config events.expire @4000000000 # a day to come: all are older
    dits gc -q
    dits --json watch --once --after 1 >../out
    expect_match '"lost": true' ../out
    dits watch --once --after 3 >../out
    expect_lines 1 ../out
}

test_a_damaged_log_is_found() {
    command -v sqlite3 >/dev/null || skip "no sqlite3"
    sqlite3 ../far/.dits/meta.db 'DELETE FROM events WHERE number = 3'
    expect_failure 1 dits -C ../far fsck >../out
    expect_match 'events are missing in the middle' ../out
}

test_mistakes_are_told() {
    complains 1 'is no place in a log' dits watch --once --after x ../far
    complains 2 'exclude each other' dits watch --all --after 1 ../far
    complains 1 'does not appear to be a dits repository' dits watch ../no
    cd ..
    complains 2 'REMOTE is missing' dits watch
}

run_tests
