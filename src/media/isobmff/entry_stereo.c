/*
 * Pictures for two eyes and around the viewer: Google's Spherical Video V2
 * ('st3d', 'sv3d') and Apple's video extended usage ('vexu', 'hfov').
 */
#include "base/be.h"
#include "media/isobmff/entry_parts.h"

/* Behind version and flags. */
enum { FULL_BOX = 4 };

static dits_error *add_mode(struct entry *entry, const char *mode)
{
    return facts_add_word(&entry->track->facts, "stereo_mode", mode);
}

static dits_error *add_projection(struct entry *entry, const char *projection)
{
    return facts_add_word(&entry->track->facts, "projection", projection);
}

dits_error *entry_st3d(struct entry *entry, struct slice payload)
{
    static const char *const modes[] = {"2D", "top and bottom", "side by side"};
    if (payload.size <= FULL_BOX)
        return NULL;
    unsigned mode = payload.data[FULL_BOX];
    return mode < 3 ? add_mode(entry, modes[mode]) : NULL;
}

/* Yaw, pitch and roll in degrees, 16.16. */
static dits_error *add_pose(struct entry *entry, struct slice payload)
{
    static const char *const names[] = {"projection.yaw", "projection.pitch",
                                        "projection.roll"};
    struct slice angles = slice_after(payload, FULL_BOX);
    for (size_t i = 0; i < 3 && angles.size >= 4 * (i + 1); i++)
        TRY(facts_add_rational(&entry->track->facts, names[i],
                               (int32_t)be32_load(angles.data + 4 * i), 65536));
    return NULL;
}

/* The parts of the sphere left out on each side, 0.32. */
static dits_error *add_equirectangular(struct entry *entry,
                                       struct slice payload)
{
    static const char *const names[] = {
        "projection.bound_top", "projection.bound_bottom",
        "projection.bound_left", "projection.bound_right"};
    struct slice bounds = slice_after(payload, FULL_BOX);
    bool is_tiled = false;
    for (size_t i = 0; i < 4 && bounds.size >= 4 * (i + 1); i++)
        is_tiled = is_tiled || be32_load(bounds.data + 4 * i) != 0;
    TRY(add_projection(entry,
                       is_tiled ? "tiled equirectangular" : "equirectangular"));
    for (size_t i = 0; is_tiled && i < 4 && bounds.size >= 4 * (i + 1); i++)
        TRY(facts_add_rational(&entry->track->facts, names[i],
                               be32_load(bounds.data + 4 * i), 1LL << 32));
    return NULL;
}

static dits_error *add_projection_boxes(struct entry *entry, struct slice proj)
{
    struct children children = children_of(proj);
    struct child child = {0};
    while (children_next(&children, &child)) {
        if (child.type == FOURCC('p', 'r', 'h', 'd'))
            TRY(add_pose(entry, child.payload));
        else if (child.type == FOURCC('e', 'q', 'u', 'i'))
            TRY(add_equirectangular(entry, child.payload));
        else if (child.type == FOURCC('c', 'b', 'm', 'p'))
            TRY(add_projection(entry, "cubemap"));
        else if (child.type == FOURCC('m', 's', 'h', 'p'))
            TRY(add_projection(entry, "mesh"));
    }
    return NULL;
}

dits_error *entry_sv3d(struct entry *entry, struct slice payload)
{
    struct slice source = slice_after(
        children_find(payload, FOURCC('s', 'v', 'h', 'd')), FULL_BOX);
    if (source.size > 0 && source.data[0] != 0)
        TRY(facts_add_text(&entry->track->facts, "projection.source", source));
    return add_projection_boxes(
        entry, children_find(payload, FOURCC('p', 'r', 'o', 'j')));
}

static dits_error *add_eyes(struct entry *entry, struct slice eyes)
{
    static const char *const heroes[] = {"none", "left", "right"};
    struct media_facts *facts = &entry->track->facts;
    struct slice views = children_find(eyes, FOURCC('s', 't', 'r', 'i'));
    struct slice hero = children_find(eyes, FOURCC('h', 'e', 'r', 'o'));
    struct slice cameras = children_find(eyes, FOURCC('c', 'a', 'm', 's'));
    struct slice baseline = children_find(cameras, FOURCC('b', 'l', 'i', 'n'));
    struct slice comfort = children_find(eyes, FOURCC('c', 'm', 'f', 'y'));
    struct slice shift = children_find(comfort, FOURCC('d', 'a', 'd', 'j'));
    if (views.size > FULL_BOX) {
        unsigned flags = views.data[FULL_BOX];
        TRY(facts_add_truth(facts, "stereo.left", (flags & 1) != 0));
        TRY(facts_add_truth(facts, "stereo.right", (flags & 2) != 0));
        TRY(facts_add_truth(facts, "stereo.reversed", (flags & 8) != 0));
    }
    if (hero.size > FULL_BOX && hero.data[FULL_BOX] < 3)
        TRY(facts_add_word(facts, "stereo.hero", heroes[hero.data[FULL_BOX]]));
    if (baseline.size >= FULL_BOX + 4)
        TRY(facts_add_integer(facts, "stereo.baseline",
                              be32_load(baseline.data + FULL_BOX)));
    if (shift.size >= FULL_BOX + 4)
        TRY(facts_add_rational(facts, "stereo.disparity",
                               (int32_t)be32_load(shift.data + FULL_BOX),
                               10000));
    return NULL;
}

/* Apple's kinds of projection and of packing. */
static dits_error *add_kinds(struct entry *entry, struct slice projection,
                             struct slice packing)
{
    static const struct {
        char type[5];
        const char *name;
    } kinds[] = {
        {"rect", "rectilinear"},          {"equi", "equirectangular"},
        {"hequ", "half equirectangular"}, {"fish", "fisheye"},
        {"prim", "parametric immersive"},
    };
    for (size_t i = 0; i < 5 && projection.size >= FULL_BOX + 4; i++)
        if (be32_load(projection.data + FULL_BOX) ==
            be32_load((const uint8_t *)kinds[i].type))
            TRY(add_projection(entry, kinds[i].name));
    if (packing.size < FULL_BOX + 4)
        return NULL;
    uint32_t kind = be32_load(packing.data + FULL_BOX);
    if (kind == FOURCC('s', 'i', 'd', 'e'))
        return add_mode(entry, "side by side");
    return kind == FOURCC('o', 'v', 'e', 'r')
               ? add_mode(entry, "top and bottom")
               : NULL;
}

dits_error *entry_vexu(struct entry *entry, struct slice payload)
{
    struct slice eyes = children_find(payload, FOURCC('e', 'y', 'e', 's'));
    struct slice proj = children_find(payload, FOURCC('p', 'r', 'o', 'j'));
    struct slice pack = children_find(payload, FOURCC('p', 'a', 'c', 'k'));
    TRY(add_eyes(entry, eyes));
    return add_kinds(entry, children_find(proj, FOURCC('p', 'r', 'j', 'i')),
                     children_find(pack, FOURCC('p', 'k', 'i', 'n')));
}

/* Thousandths of a degree. */
dits_error *entry_hfov(struct entry *entry, struct slice payload)
{
    if (payload.size < 4)
        return NULL;
    return facts_add_rational(&entry->track->facts, "horizontal_field_of_view",
                              be32_load(payload.data), 1000);
}
