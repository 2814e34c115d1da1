#!/bin/sh
# Ctrl-C at any moment leaves the repository as it was.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    echo one >a.txt
    dits add a.txt
    dits commit -qm one
    make_bytes big.mov 60000000
}

# interrupt SIGNAL SECONDS COMMAND...: its exit status.
interrupt() {
    python3 - "$@" <<'END'
import signal, subprocess, sys, time
name, after, command = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
process = subprocess.Popen(command, stderr=open("../err", "w"))
time.sleep(after)
process.send_signal(getattr(signal, name))
print(process.wait(timeout=60))
END
}

# What an interrupted add may leave: nothing, or all of it when it was too late.
check() {
    dits fsck --full >../fsck || { cat ../fsck >&2; fail "fsck after $1"; }
    expect_equal one "$(dits log --format=%s)"
    dits status --porcelain >../state
    case $1 in
    0) expect_content 'A  big.mov' ../state ;;
    *) expect_content '?? big.mov' ../state ;;
    esac
}

test_add_stops_and_changes_nothing() {
    for after in 0.001 0.005 0.01 0.02 0.03 0.05 0.08; do
        status=$(interrupt SIGINT "$after" dits add big.mov)
        case $status in
        0 | 130 | -2) ;;
        *) cat ../err >&2; fail "status $status after $after s" ;;
        esac
        check "$status"
        dits restore --staged .
    done
}

test_term_too() {
    status=$(interrupt SIGTERM 0.02 dits add big.mov)
    case $status in
    0 | 143 | -15) ;;
    *) fail "status $status" ;;
    esac
    check "$status"
}

test_a_reader_dies_at_once() {
    dits add big.mov
    dits commit -qm two
    status=$(interrupt SIGINT 0.05 sh -c 'exec dits fsck --full >/dev/null')
    case $status in
    0 | 130 | -2) ;;
    *) fail "status $status" ;;
    esac
}

test_switch_leaves_one_state_or_the_other() {
    dits add big.mov
    dits commit -qm two
    dits branch old HEAD~1
    dits switch -q old
    sha=$(dits cat main:big.mov | sha256sum)
    for after in 0.002 0.01 0.02 0.05; do
        status=$(interrupt SIGINT "$after" dits switch -q main)
        dits fsck --full >../fsck
        if [ "$(dits branch --show-current)" = main ]; then
            expect_equal "$sha" "$(sha256sum <big.mov)"
            dits switch -q old
        else
            expect_no_file big.mov
        fi
        dits status --porcelain >../state
        expect_empty ../state
    done
}

run_tests
