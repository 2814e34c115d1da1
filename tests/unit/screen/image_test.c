#include "screen/image.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

/* Red, green; blue, white. */
static const uint8_t four[] = {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255};
static const struct image image = {2, 2, four};

TEST(a_picture_keeps_its_shape)
{
    struct image_size size = image_fit((struct image_size){1920, 1080},
                                       (struct image_size){320, 320});
    CHECK(size.width == 320 && size.height == 180);
    size = image_fit((struct image_size){1080, 1920},
                     (struct image_size){320, 320});
    CHECK(size.width == 180 && size.height == 320);
    size =
        image_fit((struct image_size){10000, 1}, (struct image_size){100, 100});
    CHECK(size.width == 100 && size.height == 1);
}

TEST(pixels_are_the_mean_of_what_they_cover)
{
    CLEANUP(buf_release) struct buf one = {0};
    CLEANUP(buf_release) struct buf sixteen = {0};
    CHECK_OK(image_scale(&image, (struct image_size){1, 1}, &one));
    CHECK(one.size == 3);
    CHECK(one.data[0] == 128 && one.data[1] == 128 && one.data[2] == 128);
    CHECK_OK(image_scale(&image, (struct image_size){4, 4}, &sixteen));
    CHECK(sixteen.size == 48);
    CHECK(memcmp(sixteen.data + 3, four, 3) == 0);
    CHECK(memcmp(sixteen.data + 45, four + 9, 3) == 0);
}

TEST(kitty_gets_raw_pixels)
{
    CLEANUP(buf_release) struct buf out = {0};
    CHECK_OK(image_put_kitty(&image, (struct image_size){3, 1}, &out));
    CHECK(strcmp(buf_text(&out), "\033_Ga=T,f=24,s=2,v=2,c=3,r=1,C=1,q=2,m=0;"
                                 "/wAAAP8AAAD/////\033\\") == 0);
}

TEST(kitty_gets_large_pictures_in_parts)
{
    CLEANUP(buf_release) struct buf pixels = {0};
    CLEANUP(buf_release) struct buf out = {0};
    CHECK_OK(image_scale(&image, (struct image_size){64, 64}, &pixels));
    const struct image large = {64, 64, pixels.data};
    CHECK_OK(image_put_kitty(&large, (struct image_size){8, 4}, &out));
    /* 12288 bytes are 16384 of base64: four parts, of which three go on. */
    size_t parts = 0;
    size_t going_on = 0;
    const char *at = buf_text(&out);
    while ((at = strstr(at, "\033_G")) != NULL) {
        const char *text = strchr(at, ';');
        CHECK(text != NULL);
        going_on += text[-1] == '1';
        CHECK(strcspn(text + 1, "\033") <= 4096);
        parts++;
        at++;
    }
    CHECK(parts == 4 && going_on == 3);
}

TEST(blocks_are_two_pixels_each)
{
    CLEANUP(buf_release) struct buf out = {0};
    const struct image_place place = {3, 5};
    CHECK_OK(image_put_blocks(&image, place, true, &out));
    CHECK(strcmp(buf_text(&out),
                 "\033[3;5H"
                 "\033[38;2;255;0;0m\033[48;2;0;0;255m\xe2\x96\x80"
                 "\033[38;2;0;255;0m\033[48;2;255;255;255m\xe2\x96\x80"
                 "\033[m") == 0);
}

TEST(blocks_have_256_colours_where_there_are_no_more)
{
    CLEANUP(buf_release) struct buf out = {0};
    const uint8_t pixels[] = {255, 0, 0, 128, 128, 128, 95, 135, 175};
    const struct image row = {3, 1, pixels};
    const struct image_place place = {1, 1};
    CHECK_OK(image_put_blocks(&row, place, false, &out));
    CHECK(strcmp(buf_text(&out), "\033[1;1H"
                                 "\033[38;5;196m\xe2\x96\x80"
                                 "\033[38;5;244m\xe2\x96\x80"
                                 "\033[38;5;67m\xe2\x96\x80"
                                 "\033[m") == 0);
}

TEST(memory_may_run_out)
{
    for (unsigned n = 1;; n++) {
        CLEANUP(buf_release) struct buf out = {0};
        mem_fault_arm(n);
        dits_error *err =
            image_put_kitty(&image, (struct image_size){1, 1}, &out);
        if (!mem_fault_disarm()) {
            CHECK_OK(err);
            break;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}
