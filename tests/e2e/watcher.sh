#!/bin/sh
# dits watcher: status asks it, and is never wrong for that
. "$(dirname "$0")/lib.sh"
# shellcheck source=small_project.sh
. "$(dirname "$0")/small_project.sh"

here=$(dirname "$(realpath "$0")")

setup() {
    make_small_project
}

# Watchers end with their work tree, too; this is sooner.
stop_after() {
    trap 'dits -q watcher stop' EXIT
}

start() {
    stop_after
    dits watcher start 2>../err && return
    ! grep -q 'does not tell of changes' ../err || skip "nothing is told here"
    cat ../err >&2
    return 1
}

process() {
    dits watcher status --json | sed 's/.*"process": \([0-9]*\).*/\1/'
}

test_it_starts_tells_of_itself_and_stops() {
    expect_failure 1 dits watcher status >out
    expect_match '^no watcher runs$' out
    start
    dits watcher status >out
    expect_match '^process [0-9]+ watches 4 folders and saw [0-9]+ changes$' out
    dits watcher status --json >out
    expect_match '"runs": true, "process": [0-9]+, "folders": 4' out
    dits watcher start 2>err
    expect_match 'a watcher runs already' err
    dits watcher stop
    expect_failure 1 dits watcher status >out
    dits watcher stop 2>err
    expect_match 'no watcher runs' err
}

test_each_work_tree_has_its_own() {
    dits worktree add -q -b cut ../cut
    start
    echo new >a/1
    (
        cd ../cut || exit
        start
        dits status -s >../out
        expect_empty ../out
        echo other >d
        dits status -s >../out
        expect_equal " M d" "$(cat ../out)"
    )
    expect_equal " M a/1" "$(dits status -s)"
    expect_equal " M a/1" "$(dits status -s)"
    dits -q watcher stop
    expect_equal " M d" "$(dits -C ../cut status -s)"
}

test_status_sees_what_changes() {
    start
    dits status -s >../out
    expect_empty ../out
    echo new >a/1
    mkdir n && echo 1 >n/1
    rm c/3
    mv a/b z
    dits status -s >../out
    cat >../wanted <<'END'
 M a/1
 D a/b/2
 D c/3
?? n/
?? z/
END
    cmp ../wanted ../out
    dits status -s -uno >../out
    expect_lines 3 ../out
    dits status --porcelain >../out
    cmp ../wanted ../out
    dits add -A
    dits commit -qm second
    dits status -s >../out
    expect_empty ../out
}

test_an_edit_with_the_old_size_and_time_is_seen() {
    start
    dits status -s >../out
    touch -r d ../time
    echo x >d
    touch -r ../time d
    dits status -s >../out
    expect_match '^ M d$' ../out
}

test_a_change_through_another_name_is_seen() {
    start
    dits status -s >../out
    ln d a/link
    echo more >>a/link
    dits status -s >../out
    printf '?? a/link\n M d\n' | sort >../wanted
    sort ../out | cmp ../wanted -
}

test_a_killed_watcher_costs_time_alone() {
    start
    dits status -s >../out
    kill -9 "$(process)"
    echo new >d
    dits status -s >../out
    expect_match '^ M d$' ../out
    dits watcher start
    dits status -s >../out
    expect_match '^ M d$' ../out
}

test_damaged_findings_are_not_believed() {
    start
    echo new >d
    dits status -s >../out
    expect_match '^ M d$' ../out
    patch_byte .dits/status 130
    dits status -s >../out
    expect_match '^ M d$' ../out
    : >.dits/status
    dits status -s >../out
    expect_match '^ M d$' ../out
}

test_a_moved_work_tree_ends_it() {
    start
    number=$(process)
    dits status -s >../out
    cd ..
    mv project moved
    cd moved
    echo new >d
    dits status -s >../out
    expect_match '^ M d$' ../out
    eventually test ! -d "/proc/$number"
}

test_more_changes_than_it_keeps_are_a_loss() {
    room=$(cat /proc/sys/fs/inotify/max_queued_events)
    [ "$room" -le 65536 ] || skip "too many to make"
    start
    dits status -s >../out
    number=$(process)
    kill -STOP "$number"
    python3 - "$room" <<'END'
import os, sys
for i in range(int(sys.argv[1]) + 10):
    os.close(os.open("many%d" % (i & 1), os.O_CREAT | os.O_WRONLY))
    os.unlink("many%d" % (i & 1))
with open("d", "w") as out:
    out.write("lost?")
END
    kill -CONT "$number"
    dits status -s >../out
    expect_match '^ M d$' ../out
}

test_a_setting_starts_it() {
    start
    dits watcher stop
    rm .dits/watcher.log # one was started a moment ago
    dits config status.watcher true
    dits status -s >../out
    eventually dits watcher status >../out
    dits config status.watcher false
    echo new >d
    dits status -s >../out
    expect_match '^ M d$' ../out
}

test_a_file_system_of_another_kind_is_refused() {
    [ "$(id -u)" -eq 0 ] || skip "not root"
    mkdir a/other
    mount -t ramfs none a/other 2>/dev/null || skip "nothing can be mounted"
    trap 'umount a/other' EXIT
    expect_failure 1 dits watcher start
    umount a/other
    trap - EXIT
    expect_match "no watcher was started" stderr
    expect_match "file system of 'a/other' does not tell of changes" stderr
}

test_what_is_mounted_is_seen() {
    [ "$(id -u)" -eq 0 ] || skip "not root"
    start
    dits status -s >../out
    mount -t tmpfs none a 2>/dev/null || skip "nothing can be mounted"
    dits status -s >../out
    umount a
    expect_lines 2 ../out
    dits status -s >../out
    expect_empty ../out
}

# A caller waits at the door when it goes on: it reads its notes for that one.
test_notes_that_it_cannot_follow_end_it() {
    [ "$(id -u)" -eq 0 ] || skip "not root"
    start
    dits status -s >../out
    number=$(process)
    trap 'kill -CONT "$number"; umount n; dits -q watcher stop' EXIT
    kill -STOP "$number"
    mkdir n
    mount -t ramfs none n 2>/dev/null || skip "nothing can be mounted"
    echo new >d
    python3 - "$number" <<'END'
import contextlib, os, signal, socket, struct, sys
with socket.socket(socket.AF_UNIX) as line:
    line.connect(".dits/watcher/socket")
    line.sendall(b"\x89DWQ\r\n\x1a\n" + struct.pack("<II24x", 1, 2))
    os.kill(int(sys.argv[1]), signal.SIGCONT)
    with contextlib.suppress(ConnectionResetError):
        line.recv(1)
END
    umount n
    stop_after
    dits status -s >../out
    expect_match '^ M d$' ../out
    eventually test ! -d "/proc/$number"
}

test_a_random_life() {
    start
    dits watcher stop
    mkdir ../life
    cd ../life
    stop_after
    python3 "$here/watcher_random.py" 1 150
}

test_usage() {
    expect_failure 2 dits watcher
    expect_failure 2 dits watcher begin
    expect_failure 2 dits --json watcher stop
}

run_tests
