#include "sign/ssh_key.h"

#include <stdlib.h>
#include <string.h>

#include "support/mem_fault.h"
#include "support/ssh_keys.h"
#include "support/test.h"

TEST(public_keys_are_read_from_lines)
{
    CLEANUP(buf_release) struct buf blob = {0};
    CLEANUP(buf_release) struct buf print = {0};
    size_t length = 0;
    CHECK_OK(ssh_key_read_line(SSH_TEST_ADA_PUB " a comment", &blob, &length));
    CHECK(length == strlen(SSH_TEST_ADA_PUB));
    CHECK(strcmp(ssh_key_name(buf_slice(&blob)), "ED25519") == 0);
    CHECK(ssh_key_ed25519(buf_slice(&blob)) != NULL);
    CHECK_OK(ssh_key_fingerprint(buf_slice(&blob), &print));
    CHECK(strlen(buf_text(&print)) == strlen("SHA256:") + 43);
    CHECK_OK(ssh_key_read_line(ssh_test_ecdsa_pub, &blob, NULL));
    CHECK(strcmp(ssh_key_name(buf_slice(&blob)), "ECDSA") == 0);
    CHECK(ssh_key_ed25519(buf_slice(&blob)) == NULL);
}

TEST(what_is_no_public_key_is_refused)
{
    static const char *const lines[] = {
        "",
        "ssh-ed25519",
        "ssh-ed25519 ",
        "ssh-ed25519 !",
        "ssh-ed25519 AAAA",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIFhISZKgIkYHB4CZN7",
        "AAAAC3NzaC1lZDI1NTE5 AAAAC3NzaC1lZDI1NTE5",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        CLEANUP(buf_release) struct buf blob = {0};
        CHECK_FAILS(DITS_E_INVALID, ssh_key_read_line(lines[i], &blob, NULL));
    }
    CHECK(strcmp(ssh_key_name((struct slice){0}), "unknown") == 0);
}

TEST(a_private_key_is_read)
{
    CLEANUP(ssh_private_key_release) struct ssh_private_key key = {0};
    CLEANUP(buf_release) struct buf blob = {0};
    CHECK(ssh_private_key_is(slice_of_text(ssh_test_ada)));
    CHECK_OK(ssh_private_key_parse(slice_of_text(ssh_test_ada), &key));
    CHECK_OK(ssh_key_read_line(SSH_TEST_ADA_PUB, &blob, NULL));
    CHECK(key.has_secret && !key.is_encrypted);
    CHECK(slice_equal(buf_slice(&key.blob), buf_slice(&blob)));
    CHECK(memcmp(key.secret + 32, ssh_key_ed25519(buf_slice(&blob)), 32) == 0);
}

TEST(of_others_only_the_public_part_is_read)
{
    CLEANUP(ssh_private_key_release) struct ssh_private_key locked = {0};
    CLEANUP(ssh_private_key_release) struct ssh_private_key other = {0};
    CLEANUP(buf_release) struct buf blob = {0};
    CHECK_OK(ssh_private_key_parse(slice_of_text(ssh_test_eve), &locked));
    CHECK(!locked.has_secret && locked.is_encrypted);
    CHECK_OK(ssh_key_read_line(ssh_test_eve_pub, &blob, NULL));
    CHECK(slice_equal(buf_slice(&locked.blob), buf_slice(&blob)));
    CHECK_OK(ssh_private_key_parse(slice_of_text(ssh_test_ecdsa), &other));
    CHECK(!other.has_secret && !other.is_encrypted);
}

TEST(a_private_key_that_is_cut_or_changed_is_refused)
{
    size_t size = strlen(ssh_test_ada);
    for (size_t cut = 0; cut + 1 < size; cut++) {
        CLEANUP(ssh_private_key_release) struct ssh_private_key key = {0};
        dits_error *err =
            ssh_private_key_parse(slice_of(ssh_test_ada, cut), &key);
        bool refused = dits_error_code(err) == DITS_E_INVALID ||
                       dits_error_code(err) == DITS_E_UNSUPPORTED;
        dits_error_free(err);
        CHECK(refused && !key.has_secret);
    }
    for (size_t at = 0; at < size; at++) {
        CLEANUP(ssh_private_key_release) struct ssh_private_key key = {0};
        char text[sizeof(ssh_test_ada)];
        memcpy(text, ssh_test_ada, sizeof(text));
        text[at] = text[at] == 'A' ? 'B' : 'A';
        dits_error_free(ssh_private_key_parse(slice_of(text, size), &key));
    }
}

TEST(an_old_form_is_named)
{
    CLEANUP(ssh_private_key_release) struct ssh_private_key key = {0};
    CHECK_FAILS(DITS_E_UNSUPPORTED,
                ssh_private_key_parse(
                    slice_of_text("-----BEGIN RSA PRIVATE KEY-----\n"), &key));
}

TEST(each_failed_allocation_is_told)
{
    for (unsigned nth = 1; nth < 100; nth++) {
        CLEANUP(ssh_private_key_release) struct ssh_private_key key = {0};
        size_t live = mem_fault_live();
        mem_fault_arm(nth);
        dits_error *err =
            ssh_private_key_parse(slice_of_text(ssh_test_ada), &key);
        if (!mem_fault_disarm()) {
            CHECK_OK(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(mem_fault_live() == live);
    }
    CHECK(false);
}
