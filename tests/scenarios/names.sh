# Names with spaces, letters of all kinds, and what looks like options.
# shellcheck shell=sh

setup() {
    vcs init
}

test_spaces_and_quotes() {
    lines 'a b.txt' one
    lines "it's" one
    lines 'say "hi"' one
    lines 'back\slash' one
    commit first
    lines 'a b.txt' two
    vcs mv "it's" 'it is'
    vcs rm 'say "hi"'
    vcs status
    shows vcs status --porcelain -z
}

test_letters_of_all_kinds() {
    mkdir 'söder'
    lines 'söder/größe.txt' one
    lines '映像.txt' one
    lines 'naïve café' one
    commit 'größer: 映像'
    vcs mv '映像.txt' 'söder/動画.txt'
    vcs commit -m 'verschoben → söder'
    shows vcs log --format=%s
    vcs branch 'größe'
    vcs switch 'größe'
}

test_names_that_look_like_options() {
    lines ./-a one
    lines ./--all one
    lines plain one
    vcs add -- -a --all
    vcs commit -m first
    vcs mv -- -a -b
    vcs rm -- --all
    fails vcs add -- -nothing
}

test_names_that_are_patterns() {
    lines '*.txt' star
    lines a.txt one
    lines 'b[1].txt' one
    lines b1.txt one
    vcs add '\*.txt'
    vcs add 'b\[1\].txt'
    vcs commit -m two
    vcs add '*.txt'
}

test_names_that_begin_with_a_colon_or_a_dot() {
    lines .hidden one
    mkdir .folder
    lines .folder/a one
    lines ... dots
    vcs add .
    vcs commit -m first
    lines .hidden two
    vcs commit -a -m second
}

test_a_branch_and_a_file_of_one_name() {
    lines main one
    commit first
    vcs branch other
    lines other one
    commit second
    fails vcs log other
    vcs log other --
    vcs log -- other
    lines main two
    vcs checkout -- main
    vcs checkout other
    vcs switch main
    vcs checkout -- other
}

test_names_that_sort_oddly() {
    mkdir a a-b
    lines a/x one
    lines a-b/x one
    lines a.txt one
    lines a0 one
    lines A one
    commit first
    shows vcs status --porcelain
    lines a/x two
    lines a.txt two
    lines A two
    shows vcs status --porcelain
    vcs commit -m some a
}

test_deep_folders_come_and_go() {
    mkdir -p a/b/c/d/e
    lines a/b/c/d/e/f.txt one
    lines top one
    commit first
    vcs switch -c other
    vcs rm a/b/c/d/e/f.txt
    vcs commit -m gone
    vcs switch main
    vcs switch other
}

test_names_of_branches() {
    lines a one
    commit first
    vcs branch feature/one
    fails vcs branch feature
    fails vcs branch feature/one/more
    fails vcs branch 'two words'
    fails vcs branch 'a..b'
    fails vcs branch -- -x
    fails vcs branch 'ends.lock'
    fails vcs branch 'a~1'
    fails vcs branch 'a:b'
    fails vcs branch ''
    fails vcs branch 'dot/.hidden'
    fails vcs branch 'end/'
    fails vcs branch 'a@{b'
    fails vcs branch HEAD
    vcs branch 'ok-1.2_3+x'
}
