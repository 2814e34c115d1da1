# clean: what is not tracked goes.
# shellcheck shell=sh

setup() {
    vcs init
    lines a.txt one
    mkdir d
    lines d/b.txt one
    ignore '*.tmp'
    commit first
    lines u.txt x
    lines d/u.txt x
    lines t.tmp x
    mkdir -p new/deep
    lines new/deep/u.txt x
}

test_it_needs_force() {
    fails vcs clean
    vcs clean -n
    vcs clean -f
}

test_folders_need_a_word() {
    vcs clean -f -d
}

test_ignored_files_too() {
    vcs clean -f -x
    vcs clean -f -d -x
}

test_only_ignored_files() {
    vcs clean -f -X
    lines new/deep/x.tmp x
    vcs clean -f -d -X
}

test_patterns_that_stay() {
    lines keep.log x
    lines go.log x
    vcs clean -f -e 'keep*'
    vcs clean -f -x -e '*.tmp'
}

test_only_some_paths() {
    vcs clean -f d
    vcs clean -f new
    vcs clean -f t.tmp
    vcs clean -f u.txt
}

test_in_a_folder() {
    cd d
    vcs clean -f
    vcs clean -f -d ..
}

test_ignored_files_keep_their_folder() {
    lines new/deep/x.tmp x
    vcs clean -f -d
}

test_empty_folders_go() {
    mkdir -p empty/inner
    vcs clean -f -d
}

test_links_go_and_where_they_lead_stays() {
    mkdir ../target
    lines ../target/x x
    ln -s ../target link
    vcs clean -f
    vcs clean -f -d
    rm -r ../target
}
