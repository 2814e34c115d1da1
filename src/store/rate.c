#include "store/rate.h"

#include "base/fs.h"

/* Sleep in pieces, so that Ctrl-C is heard. */
enum { NAP_MS = 50 };

struct rate rate_begin(uint64_t bytes_per_second)
{
    return (struct rate){.bytes_per_second = bytes_per_second,
                         .began_ns = fs_now_ns()};
}

dits_error *rate_keep(struct rate *rate, const dits_context *context,
                      uint64_t bytes)
{
    rate->bytes += bytes;
    while (rate->bytes_per_second != 0) {
        TRY(context_check(context));
        double wanted = (double)rate->bytes / (double)rate->bytes_per_second;
        double spent = (double)(fs_now_ns() - rate->began_ns) / 1e9;
        if (spent < 0 || spent >= wanted)
            return NULL;
        double left_ms = (wanted - spent) * 1e3 + 1;
        fs_pause_ms(left_ms > NAP_MS ? NAP_MS : (unsigned)left_ms);
    }
    return context_check(context);
}
