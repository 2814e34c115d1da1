#include "net/certificate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "net/pin.h"
#include "net/tls.h"
#include "support/test.h"

enum { NOW = 1764550000 };

struct pair {
    char folder[32];
    char certificate[64];
    char key[64];
};

static bool open_pair(struct pair *out)
{
    strcpy(out->folder, "/tmp/dits-pair-XXXXXX");
    if (mkdtemp(out->folder) == NULL)
        return false;
    (void)snprintf(out->certificate, sizeof(out->certificate), "%s/certificate",
                   out->folder);
    (void)snprintf(out->key, sizeof(out->key), "%s/key", out->folder);
    return true;
}

static void remove_pair(struct pair *pair)
{
    (void)remove(pair->certificate);
    (void)remove(pair->key);
    (void)rmdir(pair->folder);
}

static void free_credentials(struct tls_credentials **credentials)
{
    tls_credentials_free(*credentials);
}

TEST(what_is_made_is_a_pair_and_the_key_is_its_owners)
{
    static const char *const names[] = {"render.example", "192.0.2.7"};
    CLEANUP(remove_pair) struct pair pair = {0};
    CLEANUP(free_credentials) struct tls_credentials *credentials = NULL;
    CLEANUP(buf_release) struct buf pin = {0};
    struct stat st;
    CHECK(open_pair(&pair));
    CHECK_OK(certificate_make(pair.certificate, pair.key, names, 2, NOW));
    CHECK_OK(tls_credentials_load(pair.certificate, pair.key, &credentials));
    CHECK(stat(pair.key, &st) == 0 && (st.st_mode & 0777) == 0600);
    CHECK_OK(certificate_pin(pair.certificate, &pin));
    CHECK(pin_is_valid(buf_text(&pin)));
}

TEST(another_key_is_not_a_pair)
{
    CLEANUP(remove_pair) struct pair pair = {0};
    CLEANUP(remove_pair) struct pair other = {0};
    CLEANUP(free_credentials) struct tls_credentials *credentials = NULL;
    CHECK(open_pair(&pair) && open_pair(&other));
    CHECK_OK(certificate_make(pair.certificate, pair.key, NULL, 0, NOW));
    CHECK_OK(certificate_make(other.certificate, other.key, NULL, 0, NOW));
    CHECK_FAILS(DITS_E_INVALID, tls_credentials_load(pair.certificate,
                                                     other.key, &credentials));
    CHECK_FAILS(DITS_E_INVALID,
                tls_credentials_load(pair.key, pair.key, &credentials));
}

TEST(a_file_without_a_certificate_has_no_pin)
{
    CLEANUP(remove_pair) struct pair pair = {0};
    CLEANUP(buf_release) struct buf pin = {0};
    CHECK(open_pair(&pair));
    CHECK_OK(certificate_make(pair.certificate, pair.key, NULL, 0, NOW));
    CHECK_FAILS(DITS_E_INVALID, certificate_pin(pair.key, &pin));
    CHECK_FAILS(DITS_E_NOT_FOUND, certificate_pin("/tmp/dits-none", &pin));
}
