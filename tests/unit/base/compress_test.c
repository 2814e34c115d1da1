#include "base/compress.h"

#include <string.h>

#include "base/random.h"
#include "support/test.h"

TEST(compressed_bytes_come_back)
{
    CLEANUP(buf_release) struct buf packed = {0};
    char text[5000] = "";
    char back[5000] = "x";
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "a clip, a take, a shot; "[i % 24];
    CHECK_OK(compress_bytes(text, sizeof(text), &packed));
    CHECK(packed.size < sizeof(text) / 10);
    CHECK(compress_claims(packed.data, COMPRESS_HEAD_BYTES, sizeof(text)));
    CHECK(!compress_claims(packed.data, COMPRESS_HEAD_BYTES, 16 << 20));
    CHECK(!compress_claims(packed.data, 3, sizeof(text)));
    CHECK_OK(decompress_bytes(packed.data, packed.size, back, sizeof(back)));
    CHECK(memcmp(text, back, sizeof(text)) == 0);
}

TEST(a_false_size_or_damage_is_corrupt)
{
    CLEANUP(buf_release) struct buf packed = {0};
    char text[500] = "";
    char back[600] = "";
    CHECK_OK(compress_bytes(text, sizeof(text), &packed));
    CHECK_FAILS(DITS_E_CORRUPT,
                decompress_bytes(packed.data, packed.size, back, 600));
    CHECK_FAILS(DITS_E_CORRUPT,
                decompress_bytes(packed.data, packed.size, back, 499));
    CHECK_FAILS(DITS_E_CORRUPT,
                decompress_bytes(packed.data, packed.size - 1, back, 500));
}

TEST(the_guess_knows_text_from_noise)
{
    static uint8_t noise[1 << 20];
    static uint8_t text[1 << 20];
    random_bytes(noise, sizeof(noise));
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (uint8_t)("<clip name=\"A001\">"[i % 18]);
    CHECK(!compress_pays(noise, sizeof(noise)));
    CHECK(compress_pays(text, sizeof(text)));
    CHECK(!compress_pays(text, 50));
}
