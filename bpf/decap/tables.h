// What user space and the programs share, and what is chosen once, when they are loaded. Addresses have 16 bytes, those of
// IPv4 mapped (RFC 4291, 2.5.5.2), in network order.
#pragma once
#include "bpf.h"
#include "reasons.h"

// 1: only from the sources that are listed.
const volatile u8 has_sources = 0;
// In network order; 0: nothing within UDP.
const volatile u16 tunnel_port = 0;

struct address {
    u32 words[4];
};

struct {
    NUMBER(type, MAP_HASH);
    NUMBER(max_entries, 4096);
    TYPE(key, struct address);
    TYPE(value, u32);
} vips SEC(".maps");

struct source_key {
    u32 length; // in bits
    u32 address[4];
};

struct {
    NUMBER(type, MAP_LONGEST_PREFIX);
    NUMBER(map_flags, NO_PREALLOCATION);
    NUMBER(max_entries, 4096);
    TYPE(key, struct source_key);
    TYPE(value, u32);
} sources SEC(".maps");

// Each processor has numbers of its own, so that none waits for another.
struct {
    NUMBER(type, MAP_PER_CPU_ARRAY);
    NUMBER(max_entries, REASONS);
    TYPE(key, u32);
    TYPE(value, u64);
} counters SEC(".maps");

INLINE void count(u32 reason)
{
    u64 *number = map_lookup(&counters, &reason);
    if (number)
        (*number)++;
}
