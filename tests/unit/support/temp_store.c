#include "support/temp_store.h"

dits_error *temp_store_open(struct temp_store *out)
{
    TRY(store_fixture_make(&out->fixture));
    out->store = out->fixture.store;
    return store_writer_begin(out->store, &out->writer);
}

void temp_store_release(struct temp_store *temp)
{
    store_writer_free(temp->writer);
    store_fixture_release(&temp->fixture);
}

dits_error *temp_store_publish(struct temp_store *temp)
{
    return store_writer_commit(temp->writer);
}
