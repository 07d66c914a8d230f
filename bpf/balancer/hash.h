// The hash that chooses. It depends on nothing but the flow and a seed: every node of a group with the same seed chooses
// the same slot, so that a flow that moves to another node stays with its backend, and an ICMP error finds it without any
// table. User space knows it, too.
#pragma once
#include "options.h"
#include "tables.h"

INLINE u64 mix(u64 hash, u64 word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15;
    return hash ^ (hash >> 32);
}

INLINE u64 pair_of(u32 high, u32 low) { return ((u64)high << 32) | low; }

INLINE u64 hash_of(const struct flow *flow, int by_source)
{
    u64 hash = mix(hash_seed, pair_of(flow->source[0], flow->source[1]));
    hash = mix(hash, pair_of(flow->source[2], flow->source[3]));
    if (!by_source) {
        hash = mix(hash, pair_of(flow->destination[0], flow->destination[1]));
        hash = mix(hash, pair_of(flow->destination[2], flow->destination[3]));
        hash = mix(hash, pair_of(flow->protocol, ((u32)flow->source_port << 16) | flow->destination_port));
    }
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccd;
    return hash ^ (hash >> 33);
}

// A cheaper one, for what needs only to differ from flow to flow.
INLINE u64 spread_of(const struct flow *flow)
{
    const u64 *words = (const u64 *)flow;
    return mix(mix(0, words[0] ^ words[1] ^ words[4]), words[2] ^ words[3]);
}

// A number below a bound, without a division.
INLINE u32 below(u64 hash, u32 bound) { return ((hash >> 32) * bound) >> 32; }
