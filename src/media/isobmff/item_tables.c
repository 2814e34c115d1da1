#include "media/isobmff/item_tables.h"

#include <stdlib.h>

#include "base/be.h"
#include "base/mem.h"
#include "media/limits.h"

void item_tables_release(struct item_tables *tables)
{
    mem_free(tables->infos);
    mem_free(tables->links);
    mem_free(tables->properties);
    *tables = (struct item_tables){0};
}

static int compare_ids(const void *a, const void *b)
{
    /* The id is the first field of both structs. */
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static size_t count_children(struct slice bytes)
{
    struct children children = children_of(bytes);
    struct child child = {0};
    size_t count = 0;
    while (count < LIMIT_ITEMS && children_next(&children, &child))
        count++;
    return count;
}

/* infe: FullBox, id u16 (u32 in version 3), protection u16, type. */
static bool parse_info(struct slice infe, struct item_info *out)
{
    if (infe.size < 12 || infe.data[0] < 2)
        return false; /* the versions before have no type */
    bool is_wide = infe.data[0] > 2;
    if (is_wide && infe.size < 14)
        return false;
    out->id = is_wide ? be32_load(infe.data + 4) : be16_load(infe.data + 4);
    out->type = be32_load(infe.data + (is_wide ? 10 : 8));
    return true;
}

static dits_error *read_infos(struct item_tables *tables, struct slice iinf)
{
    bool is_wide = iinf.size > 0 && iinf.data[0] != 0;
    struct slice list = slice_after(iinf, is_wide ? 8 : 6);
    struct children children = children_of(list);
    struct child child = {0};
    size_t count = count_children(list);
    if (count == 0)
        return NULL;
    tables->infos = mem_new_array(struct item_info, count);
    if (tables->infos == NULL)
        return error_nomem();
    while (count-- > 0 && children_next(&children, &child))
        if (child.type == FOURCC('i', 'n', 'f', 'e') &&
            parse_info(child.payload, &tables->infos[tables->info_count]))
            tables->info_count++;
    qsort(tables->infos, tables->info_count, sizeof(*tables->infos),
          compare_ids);
    return NULL;
}

static dits_error *read_properties(struct item_tables *tables,
                                   struct slice ipco)
{
    struct children children = children_of(ipco);
    size_t count = count_children(ipco);
    if (count == 0)
        return NULL;
    tables->properties = mem_new_array(struct child, count);
    if (tables->properties == NULL)
        return error_nomem();
    while (
        tables->property_count < count &&
        children_next(&children, &tables->properties[tables->property_count]))
        tables->property_count++;
    return NULL;
}

size_t item_links_count(const struct item_links *links)
{
    return links->indices.size / (links->is_wide ? 2 : 1);
}

/* The highest bit says that the property must be understood. */
static uint32_t index_at(const struct item_links *links, size_t at)
{
    if (links->is_wide)
        return be16_load(links->indices.data + 2 * at) & 0x7fff;
    return links->indices.data[at] & 0x7f;
}

const struct child *item_tables_property(const struct item_tables *tables,
                                         const struct item_links *links,
                                         size_t index)
{
    if (index >= item_links_count(links))
        return NULL;
    uint32_t found = index_at(links, index);
    if (found == 0 || found > tables->property_count)
        return NULL;
    return &tables->properties[found - 1];
}

static bool is_config(uint32_t type)
{
    static const uint32_t types[] = {
        FOURCC('h', 'v', 'c', 'C'), FOURCC('a', 'v', 'c', 'C'),
        FOURCC('a', 'v', '1', 'C'), FOURCC('v', 'v', 'c', 'C'),
        FOURCC('j', 'p', 'g', 'C'), FOURCC('u', 'n', 'c', 'C'),
    };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (types[i] == type)
            return true;
    return false;
}

static void find_config(const struct item_tables *tables,
                        struct item_links *links)
{
    for (size_t i = 0; i < item_links_count(links) && links->config == 0; i++) {
        const struct child *property = item_tables_property(tables, links, i);
        if (property != NULL && is_config(property->type))
            links->config = index_at(links, i);
    }
}

/* One item's row of ipma: id, how many, and the indices. */
static bool take_links(struct slice *rest, bool has_wide_id, bool is_wide,
                       struct item_links *out)
{
    size_t id_size = has_wide_id ? 4 : 2;
    if (rest->size < id_size + 1)
        return false;
    size_t size = (size_t)rest->data[id_size] * (is_wide ? 2 : 1);
    if (size > rest->size - id_size - 1)
        return false;
    *out = (struct item_links){
        .id = has_wide_id ? be32_load(rest->data) : be16_load(rest->data),
        .is_wide = is_wide,
        .indices = slice_of(rest->data + id_size + 1, size),
    };
    *rest = slice_after(*rest, id_size + 1 + size);
    return true;
}

static dits_error *read_links(struct item_tables *tables, struct slice ipma)
{
    if (ipma.size < 8)
        return NULL;
    bool has_wide_id = ipma.data[0] > 0;
    bool is_wide = (ipma.data[3] & 1) != 0;
    size_t count = be32_load(ipma.data + 4);
    struct slice rest = slice_after(ipma, 8);
    size_t room = rest.size / (has_wide_id ? 5 : 3);
    count = count < room ? count : room;
    count = count < LIMIT_ITEMS ? count : LIMIT_ITEMS;
    if (count == 0)
        return NULL;
    tables->links = mem_new_array(struct item_links, count);
    if (tables->links == NULL)
        return error_nomem();
    while (tables->link_count < count &&
           take_links(&rest, has_wide_id, is_wide,
                      &tables->links[tables->link_count]))
        find_config(tables, &tables->links[tables->link_count++]);
    qsort(tables->links, tables->link_count, sizeof(*tables->links),
          compare_ids);
    return NULL;
}

dits_error *item_tables_read(struct item_tables *tables, struct slice iinf,
                             struct slice iprp)
{
    TRY(read_infos(tables, iinf));
    TRY(read_properties(tables,
                        children_find(iprp, FOURCC('i', 'p', 'c', 'o'))));
    return read_links(tables, children_find(iprp, FOURCC('i', 'p', 'm', 'a')));
}

uint32_t item_tables_type(const struct item_tables *tables, uint32_t id)
{
    const struct item_info *found =
        tables->info_count == 0
            ? NULL
            : bsearch(&id, tables->infos, tables->info_count,
                      sizeof(*tables->infos), compare_ids);
    return found == NULL ? 0 : found->type;
}

const struct item_links *item_tables_links(const struct item_tables *tables,
                                           uint32_t id)
{
    return tables->link_count == 0
               ? NULL
               : bsearch(&id, tables->links, tables->link_count,
                         sizeof(*tables->links), compare_ids);
}
