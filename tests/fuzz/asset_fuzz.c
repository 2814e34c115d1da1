/* Assets: what is read is written the same, and no input makes trouble. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "object/recipe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(recipe_release) struct recipe recipe = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(dits_error_freep)
    dits_error *err = recipe_parse(slice_of(data, size), &recipe);
    if (err != NULL)
        return 0;
    err = recipe_encode(&recipe, &bytes);
    assert(err != NULL || slice_equal(buf_slice(&bytes), slice_of(data, size)));
    return 0;
}
