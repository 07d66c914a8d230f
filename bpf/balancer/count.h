// Counting. Each processor has numbers of its own, so that none waits for another.
#pragma once
#include "packet.h"

INLINE void count(u32 reason)
{
    u64 *number = map_lookup(&counters, &reason);
    if (number)
        (*number)++;
}

INLINE void count_traffic(void *map, const u32 *number, const struct packet *packet, int is_new)
{
    struct traffic *traffic = map_lookup(map, number);
    if (traffic) {
        traffic->packets++;
        traffic->bytes += packet->length;
        traffic->connections += is_new;
    }
}

INLINE void count_answer(void *map, const u32 *number, const struct packet *packet)
{
    struct traffic *traffic = map_lookup(map, number);
    if (traffic) {
        traffic->answers++;
        traffic->answer_bytes += packet->length;
    }
}
