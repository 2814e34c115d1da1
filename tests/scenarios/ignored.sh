# Files that are ignored: .gitignore and .ditsignore.
# shellcheck shell=sh

setup() {
    vcs init
}

test_ignored_files_are_not_added() {
    ignore '*.tmp' '/top' 'cache/' '!keep.tmp'
    mkdir cache d
    lines a.tmp x
    lines keep.tmp x
    lines top x
    mkdir d/cache
    lines d/top x
    lines d/cache/file x
    lines cache/file x
    lines a.txt x
    vcs status
    vcs add .
    vcs commit -m first
    shows vcs status --porcelain --ignored
}

test_ignored_files_need_force() {
    ignore '*.tmp'
    lines a.tmp x
    lines b.txt x
    fails vcs add a.tmp
    fails vcs add a.tmp b.txt
    vcs add -f a.tmp
    vcs commit -m forced
    lines a.tmp y
    vcs add a.tmp
    vcs commit -m "tracked now"
}

test_tracked_files_are_never_ignored() {
    lines a.tmp x
    commit first
    ignore '*.tmp'
    lines a.tmp y
    lines b.tmp y
    vcs status
    vcs add -A
    vcs commit -m second
    vcs rm --cached a.tmp
    vcs status
}

test_rules_of_folders() {
    mkdir -p d/e
    ignore '*.log'
    (cd d && ignore '!*.log' 'e/*.txt')
    lines a.log x
    lines d/b.log x
    lines d/e/c.log x
    lines d/e/d.txt x
    lines d/d.txt x
    vcs status -u
    vcs add .
}

test_double_stars_and_classes() {
    mkdir -p a/b/c x/build y/deep/build
    ignore '**/build' 'a/**/z.txt' '[0-9]*.txt' '\#odd' 'trail\ '
    lines a/z.txt x
    lines a/b/z.txt x
    lines a/b/c/z.txt x
    lines z.txt x
    lines x/build/f x
    lines y/deep/build/f x
    lines 7up.txt x
    lines up7.txt x
    lines '#odd' x
    lines 'trail ' x
    vcs add .
    vcs status
}

test_a_folder_that_is_ignored_hides_what_is_re_included_in_it() {
    ignore 'd/' '!d/keep.txt'
    mkdir d
    lines d/keep.txt x
    vcs status
    vcs add .
    ignore '!d/' 'd/*' '!d/keep.txt'
    vcs add .
    vcs status
}

test_comments_and_empty_lines() {
    ignore '# a comment' '' '   ' 'a.txt   ' '!'
    lines a.txt x
    lines '# a comment' x
    vcs add .
    vcs status
}

test_switching_overwrites_ignored_files() {
    lines base.txt x
    commit first
    vcs switch -c other
    lines a.tmp tracked
    commit tracked
    vcs switch main
    ignore '*.tmp'
    lines a.tmp mine
    vcs status
    vcs switch other
}

test_merging_over_ignored_files() {
    lines base.txt x
    commit first
    vcs switch -c other
    lines a.tmp tracked
    commit tracked
    vcs switch main
    ignore '*.tmp'
    commit ignoring
    lines a.tmp mine
    vcs merge -m merged other
}

test_asking_what_is_ignored() {
    ignore '*.tmp' '!keep.tmp' 'build/' '/top' 'a/**/z' 'dir/*' '!dir/in'
    mkdir -p build dir/in sub a/b/c
    lines x.tmp one
    lines keep.tmp one
    lines build/x one
    lines plain one
    (cd sub && ignore '*.log' '!x.tmp')
    shows vcs check-ignore x.tmp keep.tmp build build/x build/x/y plain
    shows vcs check-ignore sub/x.log x.log sub/x.tmp sub/y.tmp
    shows vcs check-ignore top sub/top top/below a/z a/b/c/z
    shows vcs check-ignore dir dir/in dir/in/file dir/out
    fails vcs check-ignore plain
    fails vcs check-ignore keep.tmp
    vcs check-ignore -v keep.tmp
    vcs check-ignore -v x.tmp plain
    fails vcs check-ignore -v plain
    fails vcs check-ignore -v -n plain
    vcs check-ignore -q x.tmp
    fails vcs check-ignore -q plain
    fails vcs check-ignore ../outside
    fails vcs check-ignore ''
    shows vcs check-ignore ./x.tmp sub/../x.tmp build/ nowhere.tmp
    shows vcs check-ignore -- x.tmp
}

test_what_is_tracked_is_not_ignored() {
    lines a.tmp one
    mkdir build
    lines build/x one
    lines build/y one
    vcs add a.tmp build/x
    vcs commit -m tracked
    ignore '*.tmp' 'build'
    fails vcs check-ignore a.tmp
    shows vcs check-ignore --no-index a.tmp build/x
    fails vcs check-ignore build
    shows vcs check-ignore build/y
    fails vcs check-ignore build/x
}
