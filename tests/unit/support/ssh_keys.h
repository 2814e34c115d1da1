/*
 * tests/unit/support/ssh_keys.h - what ssh-keygen made, for the tests
 *
 * Nobody uses these keys for anything.
 */
#ifndef SUPPORT_SSH_KEYS_H
#define SUPPORT_SSH_KEYS_H

#define SSH_TEST_ADA_PUB                                                 \
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhISZKgIkYHB4CZN7+E1fUCat4muF" \
    "D2CDRCzH4AQTGM"

/* Without a passphrase. */
static const char ssh_test_ada[] =
    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
    "QyNTUxOQAAACBYSEmSoCJGBweAmTe/hNX1AmreJrhQ9gg0Qsx+AEExjAAAAJjpysON6crD\n"
    "jQAAAAtzc2gtZWQyNTUxOQAAACBYSEmSoCJGBweAmTe/hNX1AmreJrhQ9gg0Qsx+AEExjA\n"
    "AAAEAlFD67fWootCTUBh5SH89+OJZdk6Dk8sKbrZCojv643lhISZKgIkYHB4CZN7+E1fUC\n"
    "at4muFD2CDRCzH4AQTGMAAAAD2FkYUBleGFtcGxlLmNvbQECAwQFBg==\n"
    "-----END OPENSSH PRIVATE KEY-----\n";

/* With the passphrase "secret". */
static const char ssh_test_eve[] =
    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
    "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABCCtKFKmq\n"
    "ORi9nmT6qXiZOPAAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAID9wb1+WbNx2TAnJ\n"
    "xeFftTHKO4kFAQpT9GeXRThsijZtAAAAkLC6NOmB9QLF5F381f6PrKGelrpG8bxl4ahiVw\n"
    "10uttVqCicWyGTdb2Yth9b/aFXspZeZCBXxVM4tqO7sFflS6nRiLiz5UrmZFRRQIeu9idN\n"
    "z+0Gu1UXgZfMesuGEcRkl3nfDjGmNhvoSplkZkHvcsKDgia1BrlLPJlHkdOQ7NEBWZDMR+\n"
    "OF5642PPmDjXmx6A==\n"
    "-----END OPENSSH PRIVATE KEY-----\n";

static const char ssh_test_eve_pub[] =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID9wb1+WbNx2TAnJxeFftTHKO4kFAQ"
    "pT9GeXRThsijZt eve\n";

static const char ssh_test_ecdsa[] =
    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAaAAAABNlY2RzYS\n"
    "1zaGEyLW5pc3RwMjU2AAAACG5pc3RwMjU2AAAAQQQ8QYXAPAUzAcMYrF+rToJEQMOvNQBR\n"
    "uFaXtP3JpvkuVISWbtALj0Uo9VyYIatfn9zMHCcEneb0OobgjDb77PkjAAAAoIpnrsSKZ6\n"
    "7EAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBDxBhcA8BTMBwxis\n"
    "X6tOgkRAw681AFG4Vpe0/cmm+S5UhJZu0AuPRSj1XJghq1+f3MwcJwSd5vQ6huCMNvvs+S\n"
    "MAAAAhANt73G9AFbG4Sr1D9d/BIAARswZrSoLtpruhvCRaZvoXAAAAAmVjAQIDBAU=\n"
    "-----END OPENSSH PRIVATE KEY-----\n";

static const char ssh_test_ecdsa_pub[] =
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNT"
    "YAAABBBDxBhcA8BTMBwxisX6tOgkRAw681AFG4Vpe0/cmm+S5UhJZu0AuPRSj1XJgh"
    "q1+f3MwcJwSd5vQ6huCMNvvs+SM= ec\n";

/* Of "hello", for the namespace "dits". */
static const char ssh_test_by_ada[] =
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgWEhJkqAiRgcHgJk3v4TV9QJq3i\n"
    "a4UPYINELMfgBBMYwAAAAEZGl0cwAAAAAAAAAGc2hhNTEyAAAAUwAAAAtzc2gtZWQyNTUx\n"
    "OQAAAEC6uYB6GXeHQm1SSpv0Zl3hCacDa3+yvHiQ9Run6lV5BnxJ9BRxyG2GnWBW+/I9dH\n"
    "hVW7vhBo7W/0d7rdaXShUF\n"
    "-----END SSH SIGNATURE-----\n";

static const char ssh_test_by_ada_sha256[] =
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgWEhJkqAiRgcHgJk3v4TV9QJq3i\n"
    "a4UPYINELMfgBBMYwAAAAEZGl0cwAAAAAAAAAGc2hhMjU2AAAAUwAAAAtzc2gtZWQyNTUx\n"
    "OQAAAEDRSp2a93ITa0FfWEgY6g6cvazopBl2Q+Uoug9pS9QPUFqlwp9cMU4V3WEK+s7Pes\n"
    "XkrPo6/GIccagjyo9yJdMG\n"
    "-----END SSH SIGNATURE-----\n";

static const char ssh_test_by_ecdsa[] =
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAE\n"
    "EEPEGFwDwFMwHDGKxfq06CREDDrzUAUbhWl7T9yab5LlSElm7QC49FKPVcmCGrX5/czBwn\n"
    "BJ3m9DqG4Iw2++z5IwAAAARkaXRzAAAAAAAAAAZzaGE1MTIAAABkAAAAE2VjZHNhLXNoYT\n"
    "ItbmlzdHAyNTYAAABJAAAAIAmowR2afbSSfeFqu5m5v5pg1n5d5KzKf23GZnzDXJXHAAAA\n"
    "IQDkt0zSmY6zU4qsTKUVG0vComGKDPLZvWxFzwURyuop/Q==\n"
    "-----END SSH SIGNATURE-----\n";

#endif
