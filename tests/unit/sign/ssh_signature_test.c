#include "sign/ssh_signature.h"

#include <string.h>

#include "sign/ssh_agent.h"
#include "support/mem_fault.h"
#include "support/ssh_keys.h"
#include "support/test.h"

static dits_error *check(const char *text, const char *name_space,
                         const char *message, bool *out_good)
{
    CLEANUP(ssh_signature_release) struct ssh_signature signature = {0};
    *out_good = false;
    TRY(ssh_signature_parse(slice_of_text(text), &signature));
    return ssh_signature_check(&signature, name_space, slice_of_text(message),
                               out_good);
}

TEST(what_ssh_keygen_signed_is_good)
{
    bool good = false;
    CHECK_OK(check(ssh_test_by_ada, "dits", "hello", &good));
    CHECK(good);
    CHECK_OK(check(ssh_test_by_ada_sha256, "dits", "hello", &good));
    CHECK(good);
}

TEST(other_messages_and_purposes_are_not)
{
    bool good = true;
    CHECK_OK(check(ssh_test_by_ada, "dits", "Hello", &good));
    CHECK(!good);
    CHECK_OK(check(ssh_test_by_ada, "dits", "", &good));
    CHECK(!good);
    CHECK_OK(check(ssh_test_by_ada, "git", "hello", &good));
    CHECK(!good);
}

TEST(other_keys_are_not_known)
{
    bool good = false;
    CHECK_FAILS(DITS_E_UNSUPPORTED,
                check(ssh_test_by_ecdsa, "dits", "hello", &good));
}

/* Sign as ssh-keygen did: Ed25519 has no randomness in it. */
static dits_error *sign_hello(struct buf *out)
{
    CLEANUP(ssh_private_key_release) struct ssh_private_key key = {0};
    CLEANUP(buf_release) struct buf to_sign = {0};
    CLEANUP(buf_release) struct buf value = {0};
    TRY(ssh_private_key_parse(slice_of_text(ssh_test_ada), &key));
    TRY(ssh_signature_put_signed(slice_of_text("dits"), "sha512",
                                 slice_of_text("hello"), &to_sign));
    TRY(ssh_signature_make(&key, buf_slice(&to_sign), &value));
    return ssh_signature_put(buf_slice(&key.blob), "dits", buf_slice(&value),
                             out);
}

TEST(a_signature_is_the_one_that_ssh_keygen_makes)
{
    CLEANUP(buf_release) struct buf text = {0};
    CHECK_OK(sign_hello(&text));
    CHECK(strcmp(buf_text(&text), ssh_test_by_ada) == 0);
}

TEST(no_changed_byte_leaves_a_signature_good)
{
    size_t size = strlen(ssh_test_by_ada);
    for (size_t at = 0; at + 1 < size; at++) {
        char text[sizeof(ssh_test_by_ada)];
        bool good = false;
        memcpy(text, ssh_test_by_ada, sizeof(text));
        text[at] = text[at] == 'A' ? 'B' : 'A';
        dits_error_free(check(text, "dits", "hello", &good));
        CHECK(!good);
        memcpy(text, ssh_test_by_ada, sizeof(text));
        text[at] = '\0';
        CHECK_FAILS(DITS_E_CORRUPT, check(text, "dits", "hello", &good));
    }
}

TEST(an_agents_answers_are_taken_apart)
{
    static const uint8_t signed_by_it[] = {14, 0, 0, 0, 2, 'h', 'i'};
    static const uint8_t refused[] = {5};
    static const uint8_t cut[] = {14, 0, 0, 0, 9, 'h', 'i'};
    CLEANUP(buf_release) struct buf value = {0};
    CHECK_OK(ssh_agent_read_answer(slice_of(signed_by_it, 7), &value));
    CHECK(strcmp(buf_text(&value), "hi") == 0);
    CHECK_FAILS(DITS_E_DENIED,
                ssh_agent_read_answer(slice_of(refused, 1), &value));
    CHECK_FAILS(DITS_E_CORRUPT,
                ssh_agent_read_answer(slice_of(cut, 7), &value));
    CHECK_FAILS(DITS_E_CORRUPT,
                ssh_agent_read_answer(slice_of(cut, 0), &value));
}

TEST(each_failed_allocation_is_told)
{
    for (unsigned nth = 1; nth < 100; nth++) {
        CLEANUP(buf_release) struct buf text = {0};
        bool good = false;
        mem_fault_arm(nth);
        dits_error *err = sign_hello(&text);
        if (err == NULL)
            err = check(buf_text(&text), "dits", "hello", &good);
        if (!mem_fault_disarm()) {
            CHECK_OK(err);
            CHECK(good);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
    CHECK(false);
}
