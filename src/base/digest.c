/*
 * The one file that knows GnuTLS' digests, which use what the processor has
 * for them.
 */
#include "base/digest.h"

#include <gnutls/crypto.h>

#include "base/library.h"
#include "base/mem.h"

#define LIBRARY_NAME "libgnutls.so.30"

struct digest {
    struct library library;
    gnutls_hash_hd_t state;
    size_t size;
    __typeof__(gnutls_hash_init) *init;
    __typeof__(gnutls_hash) *add;
    __typeof__(gnutls_hash_output) *output;
    __typeof__(gnutls_hash_deinit) *deinit;
};

static dits_error *find_functions(struct digest *digest)
{
    const struct library *library = &digest->library;
    TRY(library_open(LIBRARY_NAME, &digest->library));
    TRY(library_find(library, "gnutls_hash_init", &digest->init));
    TRY(library_find(library, "gnutls_hash", &digest->add));
    TRY(library_find(library, "gnutls_hash_output", &digest->output));
    return library_find(library, "gnutls_hash_deinit", &digest->deinit);
}

dits_error *digest_new(enum digest_kind kind, struct digest **out)
{
    CLEANUP(digest_freep) struct digest *digest = mem_new(struct digest);
    if (digest == NULL)
        return error_nomem();
    dits_error *err = find_functions(digest);
    if (err != NULL)
        return error_hint(error_wrap(err, "cannot make SHA digests"),
                          "Install GnuTLS 3 (%s).", LIBRARY_NAME);
    digest->size = kind == DIGEST_SHA1 ? DIGEST_SHA1_BYTES
                                       : DIGEST_SHA256_BYTES;
    if (digest->init(&digest->state, kind == DIGEST_SHA1
                                         ? GNUTLS_DIG_SHA1
                                         : GNUTLS_DIG_SHA256) != 0)
        return error_new(DITS_E_UNSUPPORTED,
                         "GnuTLS refuses to make SHA digests");
    *out = MOVE(digest);
    return NULL;
}

void digest_free(struct digest *digest)
{
    if (digest == NULL)
        return;
    if (digest->state != NULL)
        digest->deinit(digest->state, NULL);
    library_close(&digest->library);
    mem_free(digest);
}

void digest_freep(struct digest **digest)
{
    digest_free(*digest);
}

size_t digest_size(const struct digest *digest)
{
    return digest->size;
}

void digest_add(struct digest *digest, const void *data, size_t size)
{
    (void)digest->add(digest->state, data, size);
}

void digest_finish(struct digest *digest, uint8_t *out)
{
    digest->output(digest->state, out);
}
