# tests/e2e/far_and_near.sh - sourced where one repository brings from another
# shellcheck shell=sh

# "far" has a history with a second branch and a tag; "near" is empty, knows it
# as "origin", and is where the test goes on.
make_far_and_near() {
    dits init -q far
    (
        cd far
        echo one >a
        make_bytes clip.bin 300000 1
        dits add .
        dits commit -qm one
        echo two >a
        dits commit -qam two
        dits tag -m release v1
        dits branch side HEAD~1
    )
    dits init -q near
    cd near
    dits remote add origin "$(address ../far)"
}

far_id() {
    dits -C ../far log -1 --format=%H "$1"
}
