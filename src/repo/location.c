#include "repo/location.h"

#include <string.h>

#include "media/media.h"
#include "object/file_source.h"
#include "repo/config.h"

dits_error *location_policy_get(const dits_repo *repo,
                                enum location_policy *out)
{
    static const char *const names[] = {[LOCATION_KEEP] = "keep",
                                        [LOCATION_WARN] = "warn",
                                        [LOCATION_REFUSE] = "refuse"};
    const char *value = config_text(repo, "media.location");
    *out = LOCATION_KEEP;
    if (value == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], value) != 0)
            continue;
        *out = (enum location_policy)i;
        return NULL;
    }
    return error_new(DITS_E_INVALID,
                     "'media.location' is 'keep', 'warn' or 'refuse', not '%s'",
                     value);
}

static bool has_location(const struct media_facts *facts)
{
    for (size_t i = 0; i < facts->count; i++)
        if (facts->list[i].is_location)
            return true;
    return false;
}

static bool tells_location(const struct media_file *media)
{
    if (has_location(&media->facts))
        return true;
    for (size_t i = 0; i < media->track_count; i++)
        if (has_location(&media->tracks[i].facts))
            return true;
    return false;
}

dits_error *location_check(const dits_repo *repo, enum location_policy policy,
                           const struct fs_file *file, uint64_t size,
                           const char *path, bool *out_may_store)
{
    CLEANUP(media_closep) struct media_file *media = NULL;
    *out_may_store = true;
    if (policy == LOCATION_KEEP)
        return NULL;
    struct file_source source = file_source_over(file, size);
    TRY(media_open(&source.source, &media));
    if (media == NULL || !tells_location(media))
        return NULL;
    *out_may_store = policy != LOCATION_REFUSE;
    if (*out_may_store)
        log_warn(repo->context, "'%s' says where it was filmed", path);
    else
        log_warn(repo->context,
                 "'%s' says where it was filmed: left out ('dits media "
                 "--with-location' shows it, 'media.location' decides)",
                 path);
    return NULL;
}
