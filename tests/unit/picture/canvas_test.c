#include "picture/canvas.h"

#include "support/test.h"

static const struct colour black = {0, 0, 0};
static const struct colour red = {255, 0, 0};

static bool is(const struct canvas *canvas, uint32_t x, uint32_t y,
               struct colour colour)
{
    const uint8_t *pixel = canvas->pixels + ((size_t)y * canvas->width + x) * 3;
    return pixel[0] == colour.red && pixel[1] == colour.green &&
           pixel[2] == colour.blue;
}

static unsigned count(const struct canvas *canvas, struct colour colour)
{
    unsigned found = 0;
    for (uint32_t y = 0; y < canvas->height; y++)
        for (uint32_t x = 0; x < canvas->width; x++)
            found += is(canvas, x, y, colour);
    return found;
}

TEST(what_is_outside_is_left_out)
{
    CLEANUP(canvas_release) struct canvas canvas = {0};
    CHECK_OK(canvas_init(&canvas, 4, 3, black));
    canvas_fill(&canvas, (struct rect){3, 2, 100, UINT32_MAX}, red);
    CHECK(count(&canvas, red) == 1 && is(&canvas, 3, 2, red));
    canvas_fill(&canvas, (struct rect){4, 0, 1, 1}, red);
    canvas_fill(&canvas, (struct rect){UINT32_MAX, UINT32_MAX, 5, 5}, red);
    CHECK(count(&canvas, red) == 1);
}

TEST(a_picture_is_put_where_it_belongs)
{
    CLEANUP(canvas_release) struct canvas canvas = {0};
    CLEANUP(canvas_release) struct canvas picture = {0};
    CHECK_OK(canvas_init(&canvas, 5, 5, black));
    CHECK_OK(canvas_init(&picture, 3, 2, red));
    canvas_put(&canvas, &picture, 1, 2);
    CHECK(count(&canvas, red) == 6);
    CHECK(is(&canvas, 1, 2, red) && is(&canvas, 3, 3, red));
    canvas_put(&canvas, &picture, 4, 4);
    CHECK(count(&canvas, red) == 7 && is(&canvas, 4, 4, red));
    canvas_put(&canvas, &picture, 5, 0);
    CHECK(count(&canvas, red) == 7);
}

TEST(labels_are_white_on_dark_and_stay_inside)
{
    const struct colour white = {255, 255, 255};
    CLEANUP(canvas_release) struct canvas canvas = {0};
    CHECK_OK(canvas_init(&canvas, 40, 12, red));
    canvas_label(&canvas, "1:0", 0, 0);
    CHECK(count(&canvas, white) == 10 + 4 + 16);
    CHECK(is(&canvas, 39, 11, red) && !is(&canvas, 0, 0, red));
    canvas_label(&canvas, "88888888888888", 30, 8);
    CHECK(!is(&canvas, 39, 11, red));
}
