// All that user space and the program share. Addresses have 16 bytes, those of IPv4 mapped (RFC 4291, 2.5.5.2); addresses
// and ports are in network order. Keys are compared by their bytes, so that every gap is a field and zero. User space
// compares these layouts with its own before it uses them.
#pragma once
#include "bpf.h"

// Who sends to whom.
struct path {
    u32 source[4];
    u32 destination[4];
    u16 source_port;
    u16 destination_port;
    u32 pad;
};

enum turn_flag {
    TURN_TO_HERE = 1,          // it is for a socket of this machine
    TURN_WITHIN_LOOPBACK = 2,  // an address is one that is good on the loopback interface only
};

// What the datagrams of one path become: those of another.
struct turn {
    struct path to;
    u32 tally;
    u32 flags;
};

// As many as there are sessions, times two. Nothing is ever forced out: user space says who comes in.
struct {
    NUMBER(type, MAP_HASH);
    NUMBER(map_flags, NO_PREALLOCATION);
    NUMBER(max_entries, 131072);
    TYPE(key, struct path);
    TYPE(value, struct turn);
} turns SEC(".maps");

// What went so. User space has it in its own memory, and reads it without a call.
struct tally {
    u64 datagrams;
    u64 bytes; // of what is in them
    u64 seen;  // CLOCK_MONOTONIC_COARSE, in nanoseconds
    u64 pad;
};

struct {
    NUMBER(type, MAP_ARRAY);
    NUMBER(map_flags, MAPPABLE);
    NUMBER(max_entries, 131072);
    TYPE(key, u32);
    TYPE(value, struct tally);
} tallies SEC(".maps");

// Why datagrams of a known path are left to user space.
enum miss {
    MISSED_LAST_HOP,        // none is left
    MISSED_LENGTH,          // the way there takes no such packet
    MISSED_CHECKSUM,        // there is none: see rewrite.h
    MISSED_FORWARDING,      // the interface where it came in does not forward
    MISSED_ROUTE,           // there is no plain way
    MISSED_LOCAL,           // the interface takes nothing in that comes from this machine, as it would seem
    MISSED_DAMAGED,
    MISSES,
};

struct {
    NUMBER(type, MAP_ARRAY);
    NUMBER(max_entries, MISSES);
    TYPE(key, u32);
    TYPE(value, u64);
} missed SEC(".maps");

// Interfaces that take packets in whose source is an address of this machine (accept_local).
struct {
    NUMBER(type, MAP_HASH);
    NUMBER(max_entries, 1024);
    TYPE(key, u32);
    TYPE(value, u32);
} accepting SEC(".maps");
