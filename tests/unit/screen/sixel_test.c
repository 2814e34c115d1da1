#include <string.h>

#include "screen/image.h"
#include "support/mem_fault.h"
#include "support/test.h"

/* What follows the palette. */
static const char *body(const struct buf *out)
{
    const char *last = strstr(buf_text(out), "#215;2;100;100;100");
    return last != NULL ? last + strlen("#215;2;100;100;100") : "";
}

TEST(a_column_of_six_is_a_letter)
{
    /* Red above, black below: 3 rows of each. */
    uint8_t pixels[6 * 2 * 3] = {0};
    for (size_t i = 0; i < 6; i++)
        pixels[i * 3] = 255;
    const struct image image = {2, 6, pixels};
    CLEANUP(buf_release) struct buf out = {0};
    CHECK_OK(image_put_sixel(&image, &out));
    CHECK(strncmp(buf_text(&out), "\033P0;1;0q\"1;1;2;6#0;2;0;0;0#1;2;0;0;20",
                  36) == 0);
    /* Black has the bits 8, 16 and 32; red, 180th, has 1, 2 and 4. */
    CHECK(strcmp(body(&out), "#0ww$#180FF$\033\\") == 0);
}

TEST(runs_and_bands)
{
    uint8_t pixels[10 * 7 * 3] = {0};
    memset(pixels, 255, sizeof(pixels));
    const struct image image = {10, 7, pixels};
    CLEANUP(buf_release) struct buf out = {0};
    CHECK_OK(image_put_sixel(&image, &out));
    CHECK(strcmp(body(&out), "#215!10~$-#215!10@$\033\\") == 0);
}

TEST(colours_between_are_mixed)
{
    /* Half way between two steps: as many pixels of each. */
    uint8_t pixels[12 * 12 * 3] = {0};
    memset(pixels, 128, sizeof(pixels));
    const struct image image = {12, 12, pixels};
    CLEANUP(buf_release) struct buf out = {0};
    CHECK_OK(image_put_sixel(&image, &out));
    CHECK(strstr(body(&out), "#86") != NULL);  /* 2, 2, 2 */
    CHECK(strstr(body(&out), "#129") != NULL); /* 3, 3, 3 */
}

TEST(memory_for_a_sixel_may_run_out)
{
    const uint8_t pixel[] = {1, 2, 3};
    const struct image image = {1, 1, pixel};
    for (unsigned n = 1;; n++) {
        CLEANUP(buf_release) struct buf out = {0};
        mem_fault_arm(n);
        dits_error *err = image_put_sixel(&image, &out);
        if (!mem_fault_disarm()) {
            CHECK_OK(err);
            break;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}
