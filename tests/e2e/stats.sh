#!/bin/sh
# dits stats: figures that agree with what was stored.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    make_bytes clip.mov 1000000
    cp clip.mov copy.mov
    dits add .
    dits commit -qm one
}

test_the_table() {
    dits stats >../out
    expect_match '^commits +1$' ../out
    expect_match '^file versions +2  2.0 MB$' ../out
    expect_match '^distinct contents +1  1.0 MB$' ../out
    expect_match '^ratio of all versions to the disk: 1.9' ../out
    expect_match 'KiB +[0-9]+  #+$' ../out
    expect_no_match ' $' ../out
}

test_json() {
    dits stats --json >../out
    expect_each_line '^\{"commits": 1, "files": 2, "distinct_files": 1, "logical_bytes": 2000000, "distinct_bytes": 1000000, .*"histogram": \[[0-9, ]+\]\}$' ../out
}

test_an_empty_repository() {
    dits init -q ../fresh
    dits -C ../fresh stats >../out
    expect_match '^commits +0$' ../out
}

# Three days on which something is stored.
grow() {
    for day in 3 2 1; do
        make_bytes "shot $day.mov" 2000000 "$day"
        DITS_DATE="$day days ago" dits add .
    done
}

# forecast OPTION...: 1 is an answer, too: others use the disk.
forecast() {
    status=0
    dits stats --forecast "$@" >../out || status=$?
    [ "$status" -le 1 ] || fail "status $status"
}

test_a_forecast() {
    dits stats --forecast >../out
    expect_match '^stored 1.0 MB; the disk has .* free of ' ../out
    expect_match 'too few samples' ../out
    grow
    forecast
    expect_match '^days  samples  store a day' ../out
    expect_match '^ +7 +[45] +[+-][0-9.]+ [kKM]?B' ../out
    expect_match '^the disk (does not fill|will be full in [0-9.]+ days)$' ../out
}

test_a_forecast_for_programs() {
    grow
    forecast --csv
    head -n 1 ../out >../first
    expect_content 'time,stored_bytes,free_bytes,total_bytes' ../first
    tail -n +2 ../out >../rows
    expect_each_line '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+\+00:00,[0-9]+,[0-9]+,[0-9]+$' ../rows
    forecast --json
    expect_each_line '^\{"stored_bytes": [0-9]+, .*"window_days": 7, "is_short": (true|false), "growth": \[\{"days": 1, .*\}\]\}$' ../out
}

test_add_leaves_some_room() {
    dits config add.minFree 101
    echo new >new.txt
    expect_failure 1 dits add new.txt
    expect_match 'only [0-9.]+% of the disk is free' stderr
    expect_match 'add.minFree' stderr
    dits cat clip.mov >../clip.mov
    dits config add.minFree 0
    dits add new.txt
}

test_usage() {
    expect_failure 2 dits stats now
    expect_failure 2 dits stats --csv
    expect_failure 2 dits stats --forecast --csv --json
}

run_tests
