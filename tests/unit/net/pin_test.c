#include "net/pin.h"

#include <string.h>

#include "support/test.h"

/* Made by OpenSSL, P-256; the pin is that of
 * `openssl x509 -pubkey | openssl pkey -pubin -outform der |
 *  openssl dgst -sha256 -binary | base64`. */
static const char pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBgzCCASmgAwIBAgIUPMhtgQEl/texwUdbhtiV0T4y/b4wCgYIKoZIzj0EAwIw\n"
    "FjEUMBIGA1UEAwwLcGluLmV4YW1wbGUwIBcNMjYxMjAxMDMyMDQ4WhgPMjEyNjEx\n"
    "MDcwMzIwNDhaMBYxFDASBgNVBAMMC3Bpbi5leGFtcGxlMFkwEwYHKoZIzj0CAQYI\n"
    "KoZIzj0DAQcDQgAE+iUjVGCD75gqrqC3aMBfb7H/SQrCB9S2xUP1Ooi4LQUplSNa\n"
    "+92wfQXbAOU4JNNL8j987t/4W1HySS+GwETNEKNTMFEwHQYDVR0OBBYEFCDsDOA1\n"
    "fQOw0gI1Qqp0aPcCoPlVMB8GA1UdIwQYMBaAFCDsDOA1fQOw0gI1Qqp0aPcCoPlV\n"
    "MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgbVCBAqHMPm2Jfcs4\n"
    "iWII1vE+DiZMFIPDxnlkUm7AvVwCIQD0YUFiegKbED6K6NEprzqYvBFuwoXVmg2J\n"
    "Qk68GLowcw==\n"
    "-----END CERTIFICATE-----\n";
static const char wanted[] =
    "sha256//p2P/aUvKqL4wJ+xI/jBaCrpaXLvH2GNM7mTl/rboUbc=";

TEST(a_pin_is_that_of_other_programs)
{
    CLEANUP(buf_release) struct buf out = {0};
    bool is_valid = false;
    CHECK_OK(pin_of_pem(slice_of_text(pem), &out, &is_valid));
    CHECK(is_valid && strcmp(buf_text(&out), wanted) == 0);
    CHECK(pin_is_valid(wanted) && strlen(wanted) == PIN_SIZE);
}

TEST(what_is_cut_off_has_none)
{
    for (size_t size = 0; size + 2 < sizeof(pem) - 1; size++) {
        CLEANUP(buf_release) struct buf out = {0};
        bool is_valid = true;
        CHECK_OK(pin_of_pem(slice_of(pem, size), &out, &is_valid));
        CHECK(!is_valid && out.size == 0);
    }
}

TEST(sizes_that_lie_are_seen)
{
    static const uint8_t bytes[] = {0x30, 0x82, 0xff, 0xff, 0x30, 0x80};
    for (size_t size = 0; size <= sizeof(bytes); size++) {
        CLEANUP(buf_release) struct buf out = {0};
        bool is_valid = true;
        CHECK_OK(pin_of_der(slice_of(bytes, size), &out, &is_valid));
        CHECK(!is_valid);
    }
}

TEST(other_texts_are_no_pins)
{
    CHECK(!pin_is_valid("") && !pin_is_valid("sha256//"));
    CHECK(!pin_is_valid("sha1//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    CHECK(
        !pin_is_valid("sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA;AAAAAAA="));
}
