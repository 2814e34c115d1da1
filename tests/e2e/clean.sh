#!/bin/sh
# dits clean: what is not tracked goes, and undo brings it back.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q work
    cd work
    mkdir shots renders renders/deep cache
    echo '*.tmp' >.ditsignore
    echo 'cache/' >>.ditsignore
    echo kept >shots/a.mov
    dits add .
    dits commit -qm one
    echo new >shots/new.mov
    echo loose >loose.txt
    echo temporary >a.tmp
    echo cached >cache/proxy
    echo out >renders/out.mov
    echo log >renders/deep/log.txt
}

# What the work tree holds: names, kinds, modes, bytes, where links lead.
take_picture() {
    find . -path ./.dits -prune -o -printf '%p %y %m %l\n' | sort >"$1"
    find . -path ./.dits -prune -o -type f -exec cksum {} + | sort >>"$1"
}

test_untracked_files_go_and_come_back() {
    take_picture ../before
    dits clean -f >../out
    printf 'Removing loose.txt\nRemoving shots/new.mov\n' >../wanted
    expect_same ../wanted ../out
    expect_no_file loose.txt
    expect_no_file shots/new.mov
    expect_file renders/out.mov
    expect_file a.tmp
    expect_file shots/a.mov
    dits op log -n 1 >../out
    expect_match 'clean' ../out
    dits undo >../out
    take_picture ../after
    expect_same ../before ../after
    dits redo >../out
    expect_no_file loose.txt
}

test_it_is_refused_without_f_or_n() {
    take_picture ../before
    expect_failure 1 dits clean -d
    expect_match '^dits: clean.requireForce is true and -f not given' stderr
    expect_match 'hint: Use -n' stderr
    rm stderr
    take_picture ../after
    expect_same ../before ../after
    dits config clean.requireForce false
    dits clean -q >../out
    expect_empty ../out
    expect_no_file loose.txt
}

test_dry_run_only_tells() {
    take_picture ../before
    dits clean -nd >../out
    printf 'Would remove %s\n' loose.txt renders/ shots/new.mov >../wanted
    expect_same ../wanted ../out
    take_picture ../after
    expect_same ../before ../after
    dits op log -n 1 >../out
    expect_no_match 'clean' ../out
}

test_d_takes_untracked_folders_as_a_whole() {
    ln -s nowhere renders/link
    echo run >renders/tool
    chmod 755 renders/tool
    printf '' >renders/void
    make_bytes renders/take.mov 3000000
    take_picture ../before
    dits clean -fd >../out
    expect_match '^Removing renders/$' ../out
    expect_lines 3 ../out
    expect_no_file renders
    expect_file cache/proxy
    dits undo >../out
    take_picture ../after
    expect_same ../before ../after
    dits status -s >../out
    expect_match '^\?\? renders/$' ../out
}

test_a_folder_with_ignored_files_keeps_those() {
    echo temporary >renders/b.tmp
    dits clean -fd >../out
    expect_match '^Removing renders/deep/$' ../out
    expect_match '^Removing renders/out.mov$' ../out
    expect_file renders/b.tmp
    expect_no_file renders/deep
}

test_empty_folders_go_with_d() {
    mkdir -p void/deeper
    dits clean -f >../out
    [ -d void/deeper ]
    dits clean -fd >../out
    expect_match '^Removing void/$' ../out
    expect_no_file void
}

test_x_takes_ignored_files_too() {
    take_picture ../before
    dits clean -fx >../out
    expect_match '^Removing a.tmp$' ../out
    expect_match '^Removing loose.txt$' ../out
    expect_file cache/proxy
    dits clean -fdx >../out
    expect_match '^Removing cache/$' ../out
    expect_file shots/a.mov
    dits undo >../out
    dits undo >../out
    take_picture ../after
    expect_same ../before ../after
}

test_capital_x_takes_only_ignored_files() {
    mkdir void
    dits clean -fX >../out
    expect_content 'Removing a.tmp' ../out
    dits clean -fdX >../out
    expect_content 'Removing cache/' ../out
    expect_file loose.txt
    expect_file renders/out.mov
    [ -d void ]
}

test_e_adds_patterns() {
    dits clean -n -e 'loose*' -e '*.mov' >../out
    expect_empty ../out
    dits clean -nx -e '*.tmp' >../out
    expect_no_match 'a.tmp' ../out
    expect_match 'loose.txt' ../out
    dits clean -nX -e 'loose*' >../out
    expect_match 'loose.txt' ../out
}

test_paths_choose_and_are_shown_from_here() {
    dits clean -f renders >../out
    expect_content 'Removing renders/' ../out
    dits undo >../out
    cd shots
    dits clean -n >../../out
    expect_content 'Would remove new.mov' ../../out
    dits clean -n ../renders/deep '../*.txt' >../../out
    printf 'Would remove %s\n' ../loose.txt ../renders/deep/ >../../wanted
    expect_same ../../wanted ../../out
    cd ../renders/deep
    dits clean -f >../../../out
    expect_empty ../../../out
    dits clean -fd >../../../out
    expect_content 'Removing log.txt' ../../../out
    [ -d ../deep ]
}

test_repositories_stay() {
    mkdir -p nested/git/.git nested/other
    dits init -q nested/dits
    echo mine >nested/git/mine
    echo gone >nested/other/gone
    dits clean -fdx >../out 2>../err
    expect_match "^warning: skipping 'nested/git', a repository" ../err
    expect_match "^warning: skipping 'nested/dits', a repository" ../err
    expect_match '^Removing nested/other/$' ../out
    expect_file nested/git/mine
    [ -d nested/dits/.dits ]
    [ -d .dits ]
    expect_failure 1 dits clean -f nested/git/mine
    expect_file nested/git/mine
}

test_links_are_not_followed() {
    mkdir ../outside
    echo safe >../outside/safe
    ln -s ../outside escape
    ln -s ../shots renders/back
    dits clean -fd >../out
    expect_match '^Removing escape$' ../out
    expect_file ../outside/safe
    expect_file shots/a.mov
    expect_no_file escape
    dits undo >../out
    expect_equal ../outside "$(readlink escape)"
    expect_failure 1 dits clean -f escape/safe
    expect_file ../outside/safe
    expect_failure 1 dits clean -f ../outside
    expect_match 'outside' stderr
    expect_file ../outside/safe
}

test_what_cannot_be_kept_stays() {
    mkfifo renders/pipe
    mkdir renders/.Git
    echo hook >renders/.Git/hook
    cd .. # where standard error is not cleaned
    expect_failure 1 dits -C work clean -fd >out
    expect_match "renders/pipe' is neither a file nor a symlink" stderr
    expect_match "renders/.Git/hook' has a name that is not kept" stderr
    [ -p work/renders/pipe ]
    expect_file work/renders/.Git/hook
    expect_no_file work/renders/out.mov
    expect_match '^Removing renders/out.mov$' out
    expect_no_match '^Removing renders/$' out
    dits -C work undo >out
    expect_file work/renders/out.mov
}

test_unreadable_files_stay() {
    [ "$(id -u)" -ne 0 ] || skip "root reads everything"
    chmod 000 loose.txt renders/out.mov
    cd ..
    expect_failure 1 dits -C work clean -fdq >out
    expect_empty out
    expect_match "^dits: cannot keep what 'loose.txt' holds$" stderr
    expect_match "^dits: cannot keep what 'renders/out.mov' holds$" stderr
    expect_file work/loose.txt
    expect_file work/renders/out.mov
    expect_no_file work/renders/deep
    expect_no_file work/shots/new.mov
    chmod 000 work/cache
    expect_failure 1 dits -C work clean -fdx >out
    expect_match "^dits: cannot open folder 'cache'$" stderr
    chmod 755 work/cache
    expect_file work/cache/proxy
    echo more >work/shots/more
    chmod 555 work/shots
    expect_failure 1 dits -C work clean -f >out
    expect_match "^dits: cannot remove 'shots/more'$" stderr
    dits -C work undo >out
    chmod 755 work/shots
    expect_file work/shots/more
}

test_undoing_it_later_stages_nothing() {
    dits clean -fq
    echo other >other.txt
    dits add other.txt
    dits op log --json >../log
    id=$(sed -n 's/.*"id": \([0-9]*\),.*"kind": "clean".*/\1/p' ../log)
    dits undo "$id" >../out
    dits status -s >../out
    expect_match '^A  other.txt' ../out
    expect_match '^\?\? loose.txt' ../out
}

test_json() {
    dits clean -nd --json renders loose.txt >../out
    printf '{"action": "D", "path": "%s"}\n' loose.txt renders/ >../wanted
    expect_same ../wanted ../out
}

test_unknown_operands_and_usage() {
    expect_failure 1 dits clean -f nothing.txt
    expect_match "'nothing.txt' matches no file" stderr
    expect_failure 2 dits clean -f -x -X
    expect_match "'-x' and '-X' exclude each other" stderr
    expect_failure 2 dits clean --wat
}

run_tests
