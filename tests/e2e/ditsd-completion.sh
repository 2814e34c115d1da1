#!/bin/sh
# ditsd completion: the scripts, in the shells that are there.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# What bash would offer for the words given; the last one is begun.
bash_offers() {
    bash -c '
        source <(ditsd completion bash)
        compopt() { :; }
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _ditsd
        printf "%s\n" "${COMPREPLY[@]}"
    ' bash "$@" >out
}

test_bash() {
    command -v bash >/dev/null || skip "no bash"
    bash_offers ditsd us
    expect_content user out
    bash_offers ditsd user dis
    expect_content disable out
    bash_offers ditsd token create x --sc
    expect_content --scopes out
    bash_offers ditsd help comp
    expect_content completion out
}

test_zsh() {
    command -v zsh >/dev/null || skip "no zsh"
    ditsd completion zsh >_ditsd
    zsh -f -c 'autoload -Uz compinit && compinit -u -d dump &&
        source ./_ditsd && (( $+functions[_ditsd_command_user] )) &&
        [[ $_comps[ditsd] == _ditsd ]]'
}

test_fish() {
    command -v fish >/dev/null || skip "no fish"
    ditsd completion fish >ditsd.fish
    fish --no-config -c 'source ditsd.fish; complete -C "ditsd user dis"' >out
    expect_match '^disable' out
}

# Both in one shell do not get into each other's way.
test_beside_that_of_dits() {
    command -v bash >/dev/null || skip "no bash"
    bash -c 'source <(dits completion bash); source <(ditsd completion bash)
        compopt() { :; }
        COMP_WORDS=(dits switc); COMP_CWORD=1; _dits
        printf "%s\n" "${COMPREPLY[@]}"' >out
    expect_content switch out
}

test_every_command_is_offered() {
    ditsd completion --words=commands >names
    while read -r name; do
        for shell in bash zsh fish; do
            ditsd completion $shell | grep -q -w -e "$name"
        done
    done <names
}

test_usage() {
    expect_failure 2 ditsd completion
    expect_failure 2 ditsd completion tcsh
    expect_failure 2 ditsd completion bash --words=commands
    expect_failure 2 ditsd completion --words=branches
}

run_tests
