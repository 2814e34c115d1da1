#include "media/sniff.h"

#include <string.h>

#include "base/mem.h"
#include "support/test.h"

static struct sniff sniff_text(const char *text, size_t size)
{
    return sniff_content(text, size, size);
}

TEST(containers_are_known_by_their_first_bytes)
{
    static const struct {
        const char *head;
        size_t size;
        const char *container;
        enum sniff_profile profile;
    } cases[] = {
        {"\0\0\0\x20"
         "ftypisom",
         12, "isobmff", SNIFF_MEDIA},
        {"\0\0\0\x14"
         "ftypqt  ....mdat\0\0\1\0icpf",
         28, "isobmff", SNIFF_LARGE},
        {"\0\0\0\x14"
         "ftypqt  ....stsd....apch",
         28, "isobmff", SNIFF_LARGE},
        {"\x1a\x45\xdf\xa3matroska", 12, "matroska", SNIFF_MEDIA},
        {"\x1a\x45\xdf\xa3matroskaV_PRORES", 20, "matroska", SNIFF_LARGE},
        {"\x06\x0e\x2b\x34\x02\x05\x01\x01", 8, "mxf", SNIFF_MEDIA},
        {"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x03\x01\x02\x11", 14, "mxf",
         SNIFF_LARGE},
        {"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x03\x01\x02", 13, "mxf",
         SNIFF_MEDIA},
        {"RIFF\0\0\0\0WAVE", 12, "wav", SNIFF_MEDIA},
        {"RF64\0\0\0\0WAVE", 12, "wav", SNIFF_MEDIA},
        {"RIFF\0\0\0\0AVI ", 12, "avi", SNIFF_MEDIA},
        {"SDPX", 4, "dpx", SNIFF_LARGE},
        {"\x76\x2f\x31\x01", 4, "exr", SNIFF_LARGE},
        {"II*\0", 4, "tiff", SNIFF_LARGE},
        {"<?xml version=\"1.0\"?>", 21, "unknown", SNIFF_SMALL},
        {"", 0, "unknown", SNIFF_SMALL},
        {"SDP", 3, "unknown", SNIFF_SMALL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sniff got = sniff_text(cases[i].head, cases[i].size);
        CHECK(strcmp(got.container, cases[i].container) == 0);
        CHECK(got.profile == cases[i].profile);
    }
}

TEST(a_transport_stream_is_known_by_its_packets)
{
    char packets[192 * 4] = "";
    for (size_t i = 0; i < 4; i++)
        packets[188 * i] = 0x47;
    CHECK(strcmp(sniff_text(packets, 188 * 4).container, "mpeg-ts") == 0);
    CHECK(strcmp(sniff_text(packets, 188 * 3).container, "unknown") == 0);
    memset(packets, 0, sizeof(packets));
    for (size_t i = 0; i < 4; i++)
        packets[192 * i + 4] = 0x47;
    CHECK(strcmp(sniff_text(packets, 192 * 4).container, "mpeg-ts") == 0);
}

TEST(only_what_is_large_and_unknown_is_cut_coarsely)
{
    CHECK(sniff_content("?", 1, 1000000).profile == SNIFF_SMALL);
    CHECK(sniff_content("?", 1, UINT64_C(1) << 32).profile == SNIFF_MEDIA);
    CHECK(strcmp(sniff_profile_name(SNIFF_LARGE), "large") == 0);
}
