#include "net/certificate.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <string.h>

#include "base/crypt.h"
#include "base/new_file.h"
#include "net/pin.h"

enum { YEARS = 10, DAY = 86400, MOST_PEM = 1 << 20 };

static dits_error *failed(int result, const char *what)
{
    if (result == GNUTLS_E_MEMORY_ERROR)
        return error_nomem();
    return error_wrap(error_new(DITS_E_INVALID, "%s", gnutls_strerror(result)),
                      "%s", what);
}

static void free_key(gnutls_x509_privkey_t *key)
{
    if (*key != NULL)
        gnutls_x509_privkey_deinit(*key);
}

static void free_certificate(gnutls_x509_crt_t *certificate)
{
    if (*certificate != NULL)
        gnutls_x509_crt_deinit(*certificate);
}

static void free_datum(gnutls_datum_t *datum)
{
    if (datum->data != NULL)
        crypt_wipe(datum->data, datum->size);
    gnutls_free(datum->data);
}

/* An address of either family, or else the name of a host. */
static int add_name(gnutls_x509_crt_t certificate, const char *name)
{
    uint8_t address[16];
    if (inet_pton(AF_INET, name, address) == 1)
        return gnutls_x509_crt_set_subject_alt_name(
            certificate, GNUTLS_SAN_IPADDRESS, address, 4, GNUTLS_FSAN_APPEND);
    if (inet_pton(AF_INET6, name, address) == 1)
        return gnutls_x509_crt_set_subject_alt_name(
            certificate, GNUTLS_SAN_IPADDRESS, address, 16, GNUTLS_FSAN_APPEND);
    return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME,
                                                name, (unsigned)strlen(name),
                                                GNUTLS_FSAN_APPEND);
}

static int add_names(gnutls_x509_crt_t certificate, const char *const *names,
                     size_t count)
{
    static const char *const always[] = {"localhost", "127.0.0.1", "::1"};
    const char *subject = count > 0 ? names[0] : always[0];
    int result = gnutls_x509_crt_set_dn_by_oid(
        certificate, GNUTLS_OID_X520_COMMON_NAME, 0, subject,
        (unsigned)strnlen(subject, 64));
    for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
        if (result == 0)
            result = add_name(certificate, always[i]);
    }
    for (size_t i = 0; i < count && result == 0; i++)
        result = add_name(certificate, names[i]);
    return result;
}

/* Positive, and of this certificate alone. */
static int set_serial(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
    uint8_t id[20];
    size_t size = sizeof(id);
    int result = gnutls_x509_privkey_get_key_id(key, 0, id, &size);
    if (result != 0)
        return result;
    id[0] &= 0x7f;
    id[0] |= 0x01;
    return gnutls_x509_crt_set_serial(certificate, id, size);
}

static int fill_in(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key,
                   int64_t seconds)
{
    int result = gnutls_x509_crt_set_version(certificate, 3);
    if (result == 0)
        result = set_serial(certificate, key);
    if (result == 0)
        result = gnutls_x509_crt_set_activation_time(certificate,
                                                     (time_t)(seconds - DAY));
    if (result == 0)
        result = gnutls_x509_crt_set_expiration_time(
            certificate, (time_t)(seconds + YEARS * 365LL * DAY));
    if (result == 0)
        result = gnutls_x509_crt_set_key(certificate, key);
    if (result == 0)
        result = gnutls_x509_crt_set_basic_constraints(certificate, 0, -1);
    if (result == 0)
        result = gnutls_x509_crt_set_key_usage(certificate,
                                               GNUTLS_KEY_DIGITAL_SIGNATURE);
    return result != 0 ? result
                       : gnutls_x509_crt_set_key_purpose_oid(
                             certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
}

static dits_error *write_file(const char *path, const gnutls_datum_t *pem,
                              bool is_private)
{
    CLEANUP(new_file_release) struct new_file file = {0};
    TRY(new_file_begin(path, &file));
    if (is_private)
        TRY(fs_set_private(&file.file.file));
    TRY(fs_write_at(&file.file.file, 0, pem->data, pem->size));
    return new_file_publish(&file);
}

static int make(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key,
                const char *const *names, size_t count, int64_t seconds)
{
    int result = gnutls_x509_privkey_generate(
        key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
        0);
    if (result == 0)
        result = fill_in(certificate, key, seconds);
    if (result == 0)
        result = add_names(certificate, names, count);
    return result != 0 ? result
                       : gnutls_x509_crt_sign2(certificate, certificate, key,
                                               GNUTLS_DIG_SHA256, 0);
}

static dits_error *write_pair(gnutls_x509_crt_t certificate,
                              gnutls_x509_privkey_t key,
                              const char *certificate_path,
                              const char *key_path)
{
    CLEANUP(free_datum) gnutls_datum_t certificate_pem = {0};
    CLEANUP(free_datum) gnutls_datum_t key_pem = {0};
    int result = gnutls_x509_privkey_export2_pkcs8(
        key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &key_pem);
    if (result == 0)
        result = gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM,
                                         &certificate_pem);
    if (result != 0)
        return failed(result, "cannot write a certificate");
    TRY(write_file(key_path, &key_pem, true));
    return write_file(certificate_path, &certificate_pem, false);
}

dits_error *certificate_make(const char *certificate_path, const char *key_path,
                             const char *const *names, size_t count,
                             int64_t seconds)
{
    CLEANUP(free_key) gnutls_x509_privkey_t key = NULL;
    CLEANUP(free_certificate) gnutls_x509_crt_t certificate = NULL;
    int result = gnutls_x509_privkey_init(&key);
    if (result == 0)
        result = gnutls_x509_crt_init(&certificate);
    if (result == 0)
        result = make(certificate, key, names, count, seconds);
    if (result != 0)
        return failed(result, "cannot make a certificate");
    return write_pair(certificate, key, certificate_path, key_path);
}

dits_error *certificate_pin(const char *certificate_path, struct buf *out)
{
    CLEANUP(buf_release) struct buf pem = {0};
    bool is_valid = false;
    TRY(fs_read_all(certificate_path, MOST_PEM, &pem));
    TRY(pin_of_pem(buf_slice(&pem), out, &is_valid));
    if (!is_valid)
        return error_new(DITS_E_INVALID, "'%s' is no certificate in PEM",
                         certificate_path);
    return NULL;
}
