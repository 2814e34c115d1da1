#include "repo/signers.h"

#include <stdio.h>
#include <string.h>

#include "sign/ssh_key.h"
#include "support/mem_fault.h"
#include "support/ssh_keys.h"
#include "support/test.h"

#define KEY SSH_TEST_ADA_PUB

/* 2026-06-15 12:00 UTC */
static const int64_t noon = 1781524800;

static dits_error *ask(const char *text, struct buf *out, bool *out_found)
{
    CLEANUP(buf_release) struct buf key = {0};
    TRY(ssh_key_read_line(KEY, &key, NULL));
    const struct signers_question question = {
        .key = buf_slice(&key),
        .name_space = "dits",
        .time = noon,
        .offset_minutes = 120,
    };
    buf_clear(out);
    return signers_find(slice_of_text(text), &question, out_found, out);
}

struct example {
    const char *text;
    bool is_found;
    const char *said;
};

static const struct example examples[] = {
    {"ada " KEY "\n", true, "ada"},
    {"ada " KEY, true, "ada"},
    {"# no\n\n  \n\tada,bob@x\t" KEY " a comment\r\n", true, "ada,bob@x"},
    {"\"a \\\"b\\\"\" " KEY "\n", true, "a \"b\""},
    {"", false, "no principal has it"},
    {"ada namespaces=\"git,d?ts\" " KEY "\n", true, "ada"},
    {"ada NAMESPACES=\"dits\" " KEY "\n", true, "ada"},
    {"ada namespaces=\"git\" " KEY "\n", false,
     "it may not sign commits and tags"},
    {"ada namespaces=\"!dits,*\" " KEY "\n", false,
     "it may not sign commits and tags"},
    {"ada namespaces=\"git\" " KEY "\nbob " KEY "\n", true, "bob"},
    {"ada valid-after=\"20260615\" " KEY "\n", true, "ada"},
    {"ada valid-after=\"202606151400\" " KEY "\n", true, "ada"},
    {"ada valid-after=\"202606151401\" " KEY "\n", false,
     "it was not valid yet"},
    {"ada valid-after=\"202606151200Z\" " KEY "\n", true, "ada"},
    {"ada valid-before=\"20260615115959Z\" " KEY "\n", false,
     "it was not valid any more"},
    {"ada valid-after=\"2026\",valid-before=\"20270101\" " KEY "\n", false,
     NULL},
    {"ada "
     "valid-after=\"20260101\",valid-before=\"20270101\",namespaces="
     "\"dits\" " KEY "\n",
     true, "ada"},
    {"ada cert-authority " KEY "\n", false,
     "it is that of an authority, and certificates are not known"},
    {"ada cert-authority=1 " KEY "\n", false, NULL},
    {"ada valid-after=\"20261301\" " KEY "\n", false, NULL},
    {"ada valid-after=\"2026010a\" " KEY "\n", false, NULL},
    {"ada none=\"x\" " KEY "\n", false, NULL},
    {"ada namespaces=\"x " KEY "\n", false, NULL},
    {"\"ada " KEY "\n", false, NULL},
    {"\"\" " KEY "\n", false, NULL},
    {"ada\n", false, NULL},
    {"ada ssh-ed25519 AAAA\n", false, NULL},
};

TEST(lines_are_read_as_ssh_keygen_does)
{
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        const struct example *e = &examples[i];
        CLEANUP(buf_release) struct buf said = {0};
        bool found = true;
        dits_error *err = ask(e->text, &said, &found);
        if (e->said == NULL) {
            CHECK_FAILS(DITS_E_INVALID, err);
            continue;
        }
        CHECK_OK(err);
        if (found != e->is_found || strcmp(buf_text(&said), e->said) != 0)
            printf("# line %zu: '%s'\n", i, buf_text(&said));
        CHECK(found == e->is_found);
        CHECK(strcmp(buf_text(&said), e->said) == 0);
    }
}

TEST(a_nul_is_refused)
{
    CLEANUP(buf_release) struct buf said = {0};
    const struct signers_question question = {.name_space = "dits"};
    bool found = false;
    CHECK_FAILS(DITS_E_INVALID,
                signers_find(slice_of("a\0b", 3), &question, &found, &said));
}

TEST(each_failed_allocation_is_told)
{
    for (unsigned nth = 1; nth < 100; nth++) {
        CLEANUP(buf_release) struct buf said = {0};
        bool found = false;
        mem_fault_arm(nth);
        dits_error *err =
            ask("ada namespaces=\"dits\" " KEY "\n", &said, &found);
        if (!mem_fault_disarm()) {
            CHECK_OK(err);
            CHECK(found);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
    CHECK(false);
}
