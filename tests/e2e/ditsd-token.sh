#!/bin/sh
# ditsd token: shown once, kept as a hash.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=site.sh
. "$(dirname "$0")/site.sh"

setup() {
    make_site
    ditsd user add farm --service
    add_user tom
    ditsd repo create film
}

# token_id FILE: of the text in it.
token_id() {
    cut -d _ -f 3 "$1"
}

test_the_text_is_printed_once_and_kept_nowhere() {
    ditsd token create farm -l 'render farm' >../token 2>../err
    expect_each_line '^dits_svc_[0-9a-f]{32}_[0-9a-f]{64}_[0-9a-f]{8}$' ../token
    expect_lines 1 ../token
    expect_match 'is not shown again' ../err
    secret=$(cut -d _ -f 4 ../token)
    expect_no_match "$secret" ../err
    ditsd token list >../out
    expect_match "^$(token_id ../token)  farm  read,write,lock  live  20.* render farm$" ../out
    ditsd token list --json >>../out
    ditsd audit list >>../out
    expect_no_match "$secret" ../out
    # Neither as text nor as bytes, in none of the files.
    python3 - "$secret" <<'END'
import os, sys
for top, _, names in os.walk("."):
    for name in names:
        with open(os.path.join(top, name), "rb") as file:
            data = file.read()
        assert sys.argv[1].encode() not in data, name
        assert bytes.fromhex(sys.argv[1]) not in data, name
END
    python3 -c 'import sqlite3
row = sqlite3.connect("ditsd.db").execute("SELECT hash FROM token_versions").fetchone()
assert len(row[0]) == 32, row'
}

test_kinds_and_json() {
    ditsd token create tom --json --scopes read --repo film >../out 2>../err
    expect_match '^\{"id": "[0-9a-f]{32}", "token": "dits_pat_[0-9a-f_]+", "expires": "20' ../out
    expect_empty ../err
    ditsd token list tom --json >../out
    expect_match '"kind": "pat", "label": "", "scopes": "read", "everywhere": false, "repos": \["film"\], "state": "live"' ../out
    ditsd token list farm >../out
    expect_empty ../out
}

test_scopes_that_nobody_knows_are_refused() {
    for scopes in fly read,fly '*' all '' 'read,' ',read' Read; do
        refused 2 ditsd token create farm --scopes "$scopes"
        expect_match 'there is no action' ../err
        expect_empty ../out
    done
    ditsd token list >../out
    expect_empty ../out
}

test_scopes_of_a_later_version_are_none() {
    ditsd token create farm -q >../token
    sql "UPDATE tokens SET actions = 'read,fly'"
    ditsd token list --json >../out
    expect_match '"scopes": ""' ../out
}

test_how_long_it_lives() {
    DITS_DATE=@1800000000 ditsd token create farm -q --days 2 >../token
    DITS_DATE=@1800172799 ditsd token list >../out
    expect_match ' live  2027-01-17 08:00:00 ' ../out
    DITS_DATE=@1800172800 ditsd token list >../out
    expect_match ' ended  -$' ../out
    for days in 0 366 99999999999999999999 -1 x; do
        refused 2 ditsd token create farm "--days=$days"
    done
}

test_rotate() {
    DITS_DATE=@1800000000 ditsd token create farm -q >../first
    id=$(token_id ../first)
    DITS_DATE=@1800000100 ditsd token rotate "$id" --overlap-days 1 >../second 2>../err
    expect_equal "$id" "$(token_id ../second)"
    expect_failure 1 cmp -s ../first ../second
    DITS_DATE=@1800000100 ditsd token list >../out
    expect_lines 1 ../out
    expect_match "^$id .* live " ../out
    DITS_DATE=@1800000100 ditsd token list --json >../out
    expect_match '"expires": "2027-04-15T08:01:40\+00:00", "used": null, "old_expires": "2027-01-16T08:01:40\+00:00"' ../out
    DITS_DATE=@1800086500 ditsd token list --json >../out
    expect_match '"old_expires": null' ../out
    refused 2 ditsd token rotate "$id" --overlap-days 31
    whole_log
}

test_revoke() {
    ditsd token create farm -q >../token
    id=$(token_id ../token)
    ditsd token revoke "$id"
    ditsd token list >../out
    expect_match "^$id .* revoked " ../out
    refused 1 ditsd token rotate "$id"
    expect_match "hint: .*ditsd token create" ../err
    for other in "$(cat ../token)" '' 12 "${id%?}" "../$id" \
        00000000000000000000000000000000; do
        refused 1 ditsd token revoke "$other"
        expect_match "there is no token with this id" ../err
        expect_no_match "$(cut -d _ -f 4 ../token)" ../err
    done
}

test_usage() {
    refused 2 ditsd token create
    refused 2 ditsd token list farm tom
    refused 2 ditsd token list --scopes read
    refused 2 ditsd token revoke x --label y
    refused 2 ditsd token revoke x --repo film
    refused 2 ditsd token rotate x --days 3
    refused 2 ditsd token create farm --overlap-days 3
    refused 1 ditsd token create nobody
    refused 1 ditsd token create farm --repo flim
    refused 1 ditsd token create farm --label "$(printf 'a\nb')"
    ditsd token list >../out
    expect_empty ../out
}

run_tests
