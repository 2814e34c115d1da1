# tests/e2e/small_project.sh - sourced where status is asked in odd ways
# shellcheck shell=sh

# A commit of four files in four folders; the test goes on there.
make_small_project() {
    mkdir project
    cd project || return
    dits init -q .
    mkdir -p a/b c
    for name in a/1 a/b/2 c/3 d; do echo "$name" >"$name"; done
    dits add -A
    dits commit -qm first
}
