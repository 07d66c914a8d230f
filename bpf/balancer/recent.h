// A small table before that of connections: flows that were found there in this tick, so that all their other packets of it
// need no more than one line of memory. The table of connections costs a call, a hash that is computed word after word, and
// three lines that are seldom in a cache when there are many flows.
//
// A flow is here by a digest of 64 bits, with what its connection says. It is at one of four places of a set, which share a
// line. All processors have the same sets, and none waits for another: what is written is the digest and the data over it,
// so that halves of two entries are no entry (Hyatt, Mann: A lock-less transposition table, 2002).
//
// Whoever could make two flows have one digest could send packets to where another's go. So the digest has keys that nobody
// outside knows: NH, the hash of UMAC (RFC 4418, 5.2.2), twice with keys that are moved on by a pair. Two flows have the same
// of one with a probability of at most 2^-32 over its keys, whatever the flows are. Its products need not wait for each
// other, which makes it cheaper than a hash that goes from word to word.
//
// Nothing here is older than a tick, so that the kernel and the table still see which flows are in use; and what opens or
// ends a connection always goes to the table. Who no longer follows a connection takes it away here, too.
#pragma once
#include "hash.h"
#include "packet.h"

enum { FLOW_WORDS = sizeof(struct flow) / sizeof(u64) };

struct digest {
    u64 check;
    u32 set;
    u32 pad;
};

INLINE u64 nh_of(const u64 *words, const volatile u32 *keys)
{
    u64 sum = 0;
#pragma unroll
    for (int i = 0; i < FLOW_WORDS; i++)
        sum += (u64)((u32)words[i] + keys[2 * i]) * ((u32)(words[i] >> 32) + keys[2 * i + 1]);
    return sum;
}

INLINE void digest_flow(const struct flow *flow, struct digest *to)
{
    u64 one = nh_of((const u64 *)flow, recent_keys), other = nh_of((const u64 *)flow, recent_keys + 2);
    to->check = one ^ (other << 32 | other >> 32);
    // The middle of a product depends on all of what was multiplied.
    to->set = below((u64)(u32)(one >> 16 ^ other) << 32, recent_sets);
}

// From the top: 16 bits of the backend's number, 8 of its generation, 24 of the tick, and the port.
INLINE u64 describe_recent(u32 backend, u32 generation, u32 now, u16 port)
{
    return (u64)backend << 48 | (u64)(u8)generation << 40 | (u64)(now & 0xffffff) << 16 | port;
}

INLINE u32 tick_of(u64 data) { return data >> 16 & 0xffffff; }

// 0: there is none. Which place it is nobody can predict, so that nothing branches by it.
INLINE u64 find_recent(const struct digest *digest)
{
    struct recent *set = map_lookup(&recents, &digest->set);
    u64 found = 0;
    if (!set)
        return 0;
#pragma unroll
    for (int i = 0; i < RECENT_PLACES; i++) {
        u64 data = set->places[i].data;
        u64 difference = set->places[i].check ^ data ^ digest->check;
        u64 differs = (s64)(difference | -difference) >> 63;
        asm volatile("" : "+r"(differs));
        found |= data & ~differs;
    }
    return found;
}

INLINE void write_recent(struct recent_place *place, u64 check, u64 data)
{
    place->check = check ^ data;
    place->data = data;
}

// In the place of one of another tick. Where all are of this one it takes another's, but only in every eighth jiffy: when
// there are more flows than places, those that are here shall stay long enough to be of use.
SEPARATE int note_recent(const struct digest *digest, u64 data)
{
    if (!digest)
        return 0;
    u32 number = digest->set;
    struct recent *set = map_lookup(&recents, &number);
    if (!set)
        return 0;
    struct recent_place *place = jiffies() & 7 ? 0 : &set->places[digest->check & (RECENT_PLACES - 1)];
#pragma unroll
    for (int i = 0; i < RECENT_PLACES; i++)
        if (tick_of(set->places[i].data) != tick_of(data))
            place = &set->places[i];
    if (place)
        write_recent(place, digest->check, data);
    return 0;
}

SEPARATE int forget_recent(const struct flow *flow)
{
    if (!flow)
        return 0;
    struct digest digest;
    digest_flow(flow, &digest);
    struct recent *set = map_lookup(&recents, &digest.set);
    if (!set)
        return 0;
#pragma unroll
    for (int i = 0; i < RECENT_PLACES; i++)
        if ((set->places[i].check ^ set->places[i].data) == digest.check)
            write_recent(&set->places[i], 0, 0);
    return 0;
}
