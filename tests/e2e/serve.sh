#!/bin/sh
# dits serve: a repository is reached through a pair of pipes.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q film
    (
        cd film
        echo one >a
        make_bytes clip.bin 300000 1
        dits add .
        dits commit -qm one
    )
    cat >ssh <<'END'
#!/bin/sh
printf '%s\n' "$@" >"$0.said"
while [ $# -gt 2 ]; do shift; done
exec sh -c "$2"
END
    chmod +x ssh
    dits config --user core.sshCommand "$PWD/ssh"
}

test_a_setting_says_what_is_run() {
    dits clone -q "ssh://ada@host:2222$PWD/film" copy
    expect_same film/clip.bin copy/clip.bin
    expect_content "-p
2222
ada@host
dits serve --stdio '$PWD/film'" ssh.said
    dits -C copy fetch -q "host:$PWD/film" main:other
    expect_content "host
dits serve --stdio '$PWD/film'" ssh.said
    DITS_SSH_COMMAND="env X=1 $PWD/ssh" dits ls-remote "host:$PWD/film" >out
    expect_lines 2 out
    dits -C copy config core.sshCommand 'echo no; false'
    complains 1 'hung up' dits -C copy fetch -q "host:$PWD/film"
}

# shellcheck disable=SC2016 # that nothing is run is what is tested
test_nothing_of_an_address_is_run() {
    for url in 'ssh://-oProxyCommand=touch$IFS"x"/film' '-oProxyCommand=x:film' \
        'host:-x' 'ssh://host:-1/film'; do
        complains 1 'is no address of a repository' dits ls-remote -- "$url"
    done
    mkdir 'it'"'"'s $(touch x); `touch x`'
    cd "it's"*
    dits init -q film
    dits ls-remote "host:$PWD/film" >../out
    expect_empty ../out
    expect_no_file x
    expect_no_file ../x
}

test_what_goes_wrong_there_is_told_here() {
    complains 1 'does not appear to be a dits repository' \
        dits clone "host:$PWD/nothing" copy
    expect_match 'hint: Is the disk' ../err
    complains 1 'not found' env DITS_SSH_COMMAND=./nothing \
        dits ls-remote host:film
    complains 1 'nobody home' env DITS_SSH_COMMAND='echo nobody home >&2; false' \
        dits ls-remote host:film
    complains 1 "must be silent" env DITS_SSH_COMMAND='echo Welcome; cat' \
        dits ls-remote host:film
}

test_a_repository_may_be_read_only() {
    cat >ssh <<'END'
#!/bin/sh
exec dits serve --stdio --read-only film
END
    dits clone -q host:film copy
    cd copy
    dits remote set-url origin host:film
    cat >../ssh <<'END'
#!/bin/sh
exec dits serve --stdio --read-only ../film
END
    dits fetch -q
    dits branch side
    complains 1 'read-only' dits push -q origin side
    expect_equal "" "$(dits -C ../film branch --list side)"
}

test_the_command_line() {
    complains 2 'stdio' dits serve film
    complains 2 'PATH' dits serve --stdio
    complains 1 'hung up' dits serve --stdio film </dev/null
    printf 'Hello there\n' >in
    complains 1 'does not speak' dits serve --stdio film <in
}

run_tests
