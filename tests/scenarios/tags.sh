# Tags.
# shellcheck shell=sh

setup() {
    vcs init
    lines a.txt one
    commit first
    lines a.txt two
    commit second
}

test_making_and_listing() {
    vcs tag v2
    vcs tag v1 HEAD~1
    vcs tag v10
    shows vcs tag
    shows vcs tag -l
    fails vcs tag v1
    fails vcs tag v3 nothing
}

test_tags_with_a_message() {
    vcs tag -a -m "first words" v1
    vcs tag -m "no a needed" -m "second paragraph" v2 HEAD~1
    lines ../words "from a file" "" "more"
    vcs tag -F ../words v3
    rm ../words
    shows vcs tag -n1
}

test_deleting() {
    vcs tag v1
    vcs tag -m x v2
    vcs tag -d v1 v2
    fails vcs tag -d v1
    vcs tag v3
    fails vcs tag -d nothing v3
}

test_replacing() {
    vcs tag v1
    fails vcs tag v1 HEAD~1
    vcs tag -f v1 HEAD~1
    vcs tag -f -m "with words" v1
}

test_a_tag_of_a_tag() {
    vcs tag -m inner v1
    vcs tag v2 v1
    vcs reset --hard v2
    shows vcs log --format=%s v2
}

test_a_tag_keeps_a_commit() {
    vcs tag kept
    vcs reset --hard HEAD~1
    shows vcs log --format=%s kept
    vcs merge kept
}

test_names_of_tags() {
    vcs tag v1.0
    fails vcs tag 'a b'
    fails vcs tag 'a..b'
    fails vcs tag ''
    vcs tag feature/x
    fails vcs tag feature
}

test_patterns() {
    vcs tag a1
    vcs tag a2
    vcs tag b1
    shows vcs tag -l 'a*'
    shows vcs tag -l 'c*'
    shows vcs tag -l '*1' a2
    shows vcs tag -l '[ab]1'
    vcs tag deep/er
    shows vcs tag -l '*er'
    shows vcs tag -n0 'a*'
}

test_a_tag_and_a_branch_of_one_name() {
    vcs tag same HEAD~1
    vcs branch same
    vcs switch same
}
