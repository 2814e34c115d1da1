#!/bin/sh
# dits completion: the scripts, in the shells that are there.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
    dits commit -q --allow-empty -m one
    dits branch titles
    dits tag v1
}

# What bash would offer for the words given; the last one is begun.
bash_offers() {
    bash -c '
        source <(dits completion bash)
        compopt() { :; }
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _dits
        printf "%s\n" "${COMPREPLY[@]}"
    ' bash "$@" >../out
}

test_bash() {
    command -v bash >/dev/null || skip "no bash"
    bash_offers dits swi
    expect_content switch ../out
    bash_offers dits switch ti
    expect_content titles ../out
    bash_offers dits log --onel
    expect_content --oneline ../out
    bash_offers dits log --date = iso-
    expect_content iso-strict ../out
    bash_offers dits tag -d v
    expect_content v1 ../out
    bash_offers dits -C . show v
    expect_content v1 ../out
    bash_offers dits help compl
    expect_content completion ../out
    bash_offers dits completion z
    expect_content zsh ../out
}

test_zsh() {
    command -v zsh >/dev/null || skip "no zsh"
    dits completion zsh >../_dits
    zsh -f -c 'autoload -Uz compinit && compinit -u -d ../dump &&
        source ../_dits && (( $+functions[_dits_command_switch] )) &&
        [[ $_comps[dits] == _dits ]]'
}

test_fish() {
    command -v fish >/dev/null || skip "no fish"
    dits completion fish >../dits.fish
    fish --no-config -c 'source ../dits.fish; complete -C "dits switch ti"' >../out
    expect_match '^titles' ../out
    fish --no-config -c 'source ../dits.fish; complete -C "dits swi"' >../out
    expect_match '^switch	go to a branch' ../out
    fish --no-config -c 'source ../dits.fish; complete -C "dits log --onel"' >../out
    expect_match '^--oneline' ../out
}

test_words() {
    dits completion --words=branches >../out
    printf 'main\ntitles\n' | diff - ../out
    dits completion --words=revisions >../out
    expect_match '^HEAD$' ../out
    expect_match '^v1$' ../out
    dits completion --words=tags >../out
    expect_content v1 ../out
    dits completion --words=keys >../out
    expect_match '^user.name$' ../out
    cd "$HOME"
    dits completion --words=branches >out
    expect_empty out
}

test_every_command_is_offered() {
    dits completion --words=commands >../out
    while read -r name; do
        dits help "$name" >/dev/null
        for shell in bash zsh fish; do
            dits completion $shell | grep -q -w -e "$name"
        done
    done <../out
}

test_usage() {
    expect_failure 2 dits completion
    expect_failure 2 dits completion tcsh
    expect_failure 2 dits completion bash --words=tags
}

run_tests
