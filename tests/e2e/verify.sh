#!/bin/sh
# dits verify. With revisions it checks signatures: these tests cover signing
# with 'dits commit -S' and 'dits tag -s', too. Without, every byte that is
# stored is read, and what is damaged mended.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup() {
    dits init -q repo
    cd repo
}

set_up_signing() {
    command -v ssh-keygen >/dev/null || skip "no ssh-keygen"
    unset SSH_AUTH_SOCK
    mkdir ../keys
    ssh-keygen -q -t ed25519 -N '' -C ada -f ../keys/ada
    ssh-keygen -q -t ed25519 -N '' -C bob -f ../keys/bob
    keys=$(cd ../keys && pwd)
    echo "ada@example.com,ada $(cut -d' ' -f1,2 "$keys/ada.pub")" >"$keys/signers"
    dits config --user user.signingKey "$keys/ada"
    dits config --user gpg.ssh.allowedSignersFile "$keys/signers"
    echo one >a
    dits add .
}

fingerprint() {
    ssh-keygen -lf "$keys/$1.pub" | cut -d' ' -f2
}

# expect_said LINE...
expect_said() {
    printf '%s\n' "$@" | diff -u - ../out >&2 || fail "it says something else"
}

good() {
    echo "Good \"dits\" signature for ada@example.com,ada with ED25519 key $(fingerprint ada)"
}

test_a_signed_commit_is_good() {
    set_up_signing
    dits commit -q -S -m one
    dits verify HEAD >../out
    expect_said "$(good)"
    dits fsck --full >../out
    expect_match 'nothing is damaged' ../out
}

test_what_is_not_signed_is_said_so() {
    set_up_signing
    dits commit -q -m one
    expect_failure 1 dits verify HEAD >../out
    expect_said 'No signature'
}

test_an_unknown_key() {
    set_up_signing
    dits commit -q -S"$keys/bob" -m one
    expect_failure 1 dits verify HEAD >../out
    expect_said "Good \"dits\" signature with ED25519 key $(fingerprint bob)" \
        'No principal matched: no principal has it.'
    dits config --user unset gpg.ssh.allowedSignersFile
    expect_failure 1 dits verify HEAD >../out
    expect_match 'No principal matched: gpg.ssh.allowedSignersFile is not set' ../out
}

test_several_at_once() {
    set_up_signing
    dits commit -q -S -m one
    dits tag plain
    dits tag -s -m "a tag" signed
    dits tag -m "no signature" unsigned
    expect_failure 1 dits verify plain signed unsigned >../out
    expect_said "plain: $(good)" "signed: $(good)" 'unsigned: No signature'
    dits verify signed >../out
    expect_said "$(good)"
}

test_signatures_as_json() {
    set_up_signing
    dits commit -q -S -m one
    dits verify --json HEAD >../out
    expect_each_line '^\{"revision": "HEAD", "id": "[0-9a-f]{64}", "state": "good", "signer": "ada@example.com,ada", "key": "ED25519", "fingerprint": "SHA256:[^"]+", "reason": null\}$' ../out
    dits commit -q --amend -m two
    expect_failure 1 dits verify --json HEAD >../out
    expect_match '"state": "none", "signer": null' ../out
}

test_log_and_show() {
    set_up_signing
    dits commit -q -S -m one
    echo two >a
    dits commit -qa -m two
    dits log --show-signature >../out
    expect_equal "$(good)" "$(sed -n '8p' ../out)"
    expect_equal 1 "$(grep -c 'signature' ../out)"
    dits show --show-signature -s HEAD~1 >../out
    expect_equal "$(good)" "$(sed -n '2p' ../out)"
    dits log --oneline --show-signature -n1 HEAD~1 >../out
    expect_equal "$(good)" "$(sed -n '1p' ../out)"
    dits log --json --show-signature >../out
    expect_match '"message": "one.*", "signature": \{"state": "good", .*\}\}$' ../out
    expect_match '"message": "two.*", "signature": \{"state": "none", .*\}\}$' ../out
    dits log >../out
    expect_no_match signature ../out
}

test_settings_sign() {
    set_up_signing
    dits config commit.gpgSign true
    dits config tag.gpgSign true
    dits commit -q -m one
    dits tag -m "a tag" v1
    dits tag plain
    dits verify HEAD v1 >../out
    dits commit -q --amend -m other
    dits verify HEAD >../out
    dits commit -q --amend --no-gpg-sign -m third
    expect_failure 1 dits verify HEAD >../out
    dits tag --no-sign -m "a tag" v2
    expect_failure 1 dits verify v2 >../out
}

test_commits_of_other_commands_are_signed_as_set() {
    set_up_signing
    dits commit -q -m base
    dits branch other
    echo two >b
    dits add b
    dits commit -q -m two
    dits switch -q other
    echo three >c
    dits add c
    dits commit -q -m three
    dits config commit.gpgSign true
    dits merge -q -m merged main
    dits verify HEAD >../out
    dits revert HEAD~1 >/dev/null
    dits verify HEAD >../out
    dits switch -q --detach main
    dits cherry-pick other~2 >/dev/null
    dits verify HEAD >../out
    dits config commit.gpgSign false
    dits switch -q main
    dits merge -q --no-ff -m merged other
    expect_failure 1 dits verify HEAD >../out
}

test_amending_drops_a_signature_and_makes_another() {
    set_up_signing
    dits commit -q -S -m one
    dits commit -q --amend -m two
    expect_failure 1 dits verify HEAD >../out
    dits commit -q --amend --no-edit -S
    dits verify HEAD >../out
    dits undo >/dev/null
    expect_failure 1 dits verify HEAD >../out
}

test_each_form_of_a_key() {
    set_up_signing
    cp "$keys/ada" "$HOME/id"
    # shellcheck disable=SC2088 # it is for Dits to expand
    for key in "$keys/ada" "$keys/ada.pub" '~/id'; do
        dits config user.signingKey "$key"
        dits commit -q --allow-empty -S -m one
        dits verify HEAD >../out
    done
    dits config user.signingKey nothing
    dits tag -u "$keys/ada" -m "a tag" v1
    dits verify v1 >../out
}

start_agent() {
    command -v ssh-agent >/dev/null || skip "no ssh-agent"
    eval "$(ssh-agent -a "$PWD/agent")" >/dev/null
    trap 'kill "$SSH_AGENT_PID"' EXIT
}

test_an_agent_has_the_key() {
    set_up_signing
    cd ..
    start_agent
    cd repo
    ssh-keygen -q -t ed25519 -N secret -C eve -f "$keys/eve"
    echo "eve@example.com $(cut -d' ' -f1,2 "$keys/eve.pub")" >>"$keys/signers"
    dits config user.signingKey "$keys/eve"
    expect_failure 1 dits commit -q -S -m one
    expect_match "cannot sign with the key SHA256:" stderr
    expect_match "the ssh-agent does not sign with it" stderr
    expect_match "hint: 'ssh-add FILE'" stderr
    printf '#!/bin/sh\necho secret\n' >"$keys/ask"
    chmod +x "$keys/ask"
    SSH_ASKPASS=$keys/ask SSH_ASKPASS_REQUIRE=force ssh-add -q "$keys/eve"
    rm stderr
    for key in "$keys/eve" "$keys/eve.pub" "$(cat "$keys/eve.pub")" \
        "key::$(cat "$keys/eve.pub")"; do
        dits commit -q --allow-empty "-S$key" -m one
        dits verify HEAD >../out
        expect_match 'for eve@example.com with' ../out
    done
}

test_keys_that_cannot_sign() {
    set_up_signing
    expect_failure 1 dits commit -S"$keys/none" -m one
    expect_match "cannot use the key '.*/none'" stderr
    ssh-keygen -q -t ed25519 -N secret -f "$keys/locked"
    expect_failure 1 dits commit -S"$keys/locked" -m one
    expect_match 'it is protected by a passphrase and there is no ssh-agent' stderr
    ssh-keygen -q -t ecdsa -N '' -f "$keys/ecdsa"
    expect_failure 1 dits commit -S"$keys/ecdsa" -m one
    expect_match 'cannot sign with a key of the type ECDSA' stderr
    expect_failure 1 dits commit -S"$keys/ecdsa.pub" -m one
    expect_match 'cannot sign with a key of the type ECDSA' stderr
    echo 'no key at all' >"$keys/text"
    expect_failure 1 dits commit -S"$keys/text" -m one
    expect_match 'this is not a public key' stderr
    dits config --user unset user.signingKey
    expect_failure 1 dits commit -S -m one
    expect_match 'there is no key to sign with' stderr
    expect_match 'hint: .*user.signingKey' stderr
    expect_failure 1 dits log
}

test_lines_of_allowed_signers() {
    set_up_signing
    key=$(cut -d' ' -f1,2 "$keys/ada.pub")
    export DITS_DATE='2026-06-15 12:00'
    dits commit -q -S -m one
    check() {
        printf '%s\n' "# a comment" "" "$2" >"$keys/signers"
        status=0
        dits verify HEAD >../out 2>../err || status=$?
        expect_equal "$1" "$status"
    }
    check 0 "ada $key"
    check 0 "\"ada b\" $key a comment"
    expect_match 'for ada b with' ../out
    check 0 "ada namespaces=\"git,dits\" $key"
    check 0 "ada namespaces=\"d*\" $key"
    check 1 "ada namespaces=\"git\" $key"
    expect_match 'it may not sign commits and tags' ../out
    check 1 "ada namespaces=\"*,!dits\" $key"
    check 0 "ada valid-after=\"20260101\",valid-before=\"20270101Z\" $key"
    check 1 "ada valid-after=\"20260615120001Z\" $key"
    expect_match 'it was not valid yet' ../out
    check 1 "ada valid-before=\"202606151159\" $key"
    expect_match 'it was not valid any more' ../out
    check 1 "ada cert-authority $key"
    check 1 "ada unknown=\"x\" $key"
    expect_match "line 3" ../err
    check 1 "ada valid-after=\"20261301\" $key"
    expect_match "line 3" ../err
    check 1 "ada"
    expect_match "line 3" ../err
    rm "$keys/signers"
    expect_failure 1 dits verify HEAD
    expect_match 'cannot read who may sign' stderr
}

test_what_cannot_be_checked() {
    set_up_signing
    dits commit -q -m one
    expect_failure 1 dits verify nothing
    expect_failure 1 dits verify HEAD:a
    expect_match 'neither a commit nor a tag' stderr
    expect_failure 2 dits commit -S --no-gpg-sign -m two
    expect_failure 2 dits tag -s --no-sign -m two v2
}

store_clip() {
    make_bytes clip.mov 3000000
    dits add .
    dits commit -qm one
}

damage_clip() {
    pack=$(find .dits/packs -name '*.pack' -size +2000k)
    patch_byte "$pack" 1500000
}

test_all_is_read() {
    store_clip
    dits verify >../out
    expect_match '^verified [0-9]+ chunks, 3.0 MB; all packs are read$' ../out
    expect_match '^nothing is damaged$' ../out
    dits verify -q >../out
    expect_empty ../out
}

test_it_stops_and_goes_on() {
    store_clip
    dits verify --limit-rate=1m --max-time=1s >../out
    expect_match 'the next run goes on$' ../out
    dits verify --status >../status
    expect_match '^stopped: .* of 3.0 MB, begun .*, 0 damaged$' ../status
    expect_match '^all packs were never read$' ../status
    expect_match '^a run is due$' ../status
    dits verify --json >../out
    expect_each_line '^\{"level": "result", "was_due": true, "ended": true, "packs": [0-9]+, "chunks": [0-9]+, "bytes": [0-9]{7}, "damages": 0, "lost": 0, "offline": 0\}$' ../out
    expect_no_match '"bytes": 30' ../out
    dits verify --status >../status
    expect_match '^all packs were read .*, 0 damaged$' ../status
    expect_match '^no run is due$' ../status
}

test_when_it_is_due() {
    store_clip
    dits verify --if-due -q
    dits verify --if-due >../out
    expect_content 'not due yet' ../out
    dits config maintenance.verifyInterval '1 hour'
    DITS_DATE=2100-01-01 dits verify --if-due >../out
    expect_match 'all packs are read' ../out
    dits verify --status --json >../status
    expect_each_line '^\{"at_work": false, "is_due": false, "rounds": 2, "started": 0, "ended": [0-9]+, "done_bytes": 0, "total_bytes": 0, "damages": 0, "last_damages": 0\}$' ../status
}

test_what_the_work_tree_has_is_mended() {
    store_clip
    damage_clip
    dits verify >../out 2>../warnings
    expect_match '^damage: data [0-9a-f]{12} in pack [0-9a-f]{12} is damaged$' ../out
    expect_match '^repaired: ' ../out
    expect_match '^1 damaged, 0 lost$' ../out
    dits fsck --full -q
    rm clip.mov
    dits restore clip.mov
    dits verify >../out
    expect_match 'nothing is damaged' ../out
}

test_what_is_lost_is_told() {
    store_clip
    damage_clip
    rm clip.mov
    expect_failure 1 dits verify >../out
    expect_match 'touches clip.mov' ../out
    expect_match '^1 damaged, 1 lost$' ../out
    expect_match 'is damaged in pack' stderr
}

test_what_makes_no_sense() {
    store_clip
    expect_failure 2 dits verify --limit-rate=fast
    expect_failure 2 dits verify --max-time=soon
    expect_failure 2 dits verify --max-time=0
    for option in --limit-rate=1m --max-time=1s --if-due --status; do
        expect_failure 2 dits verify $option HEAD
        expect_match 'REV is checked alone' stderr
        rm stderr
    done
}

run_tests
