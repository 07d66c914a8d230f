// One of each thing that the loader has to know. Built by bpf/build.
#include "bpf.h"

struct key {
    u32 number;
    u8 letter;
    u8 pad[3];
};

struct value {
    u64 count;
    u32 last;
    u32 pad;
};

struct {
    NUMBER(type, MAP_HASH);
    NUMBER(max_entries, 16);
    TYPE(key, struct key);
    TYPE(value, struct value);
} seen SEC(".maps");

struct {
    NUMBER(type, MAP_PER_CPU_ARRAY);
    NUMBER(max_entries, 2);
    TYPE(key, u32);
    TYPE(value, u64);
} counters SEC(".maps");

struct {
    NUMBER(type, MAP_ARRAY_OF_MAPS);
    NUMBER(max_entries, 4);
    NUMBER(key_size, 4);
    VALUES(struct {
        NUMBER(type, MAP_ARRAY);
        NUMBER(map_flags, INNER_MAP);
        NUMBER(max_entries, 8);
        NUMBER(key_size, 4);
        NUMBER(value_size, 4);
    });
} rings SEC(".maps");

struct {
    NUMBER(type, MAP_RING_BUFFER);
    NUMBER(max_entries, 4096);
} events SEC(".maps");

struct {
    NUMBER(type, MAP_SOCKET_MAP);
    NUMBER(max_entries, 1);
    NUMBER(key_size, 4);
    NUMBER(value_size, 8);
} listeners SEC(".maps");

const volatile u32 verdict = XDP_PASS;
const volatile u8 counts = 1;

FUNCTION u32 choose(u32 ring, u32 slot)
{
    void *inner = map_lookup(&rings, &ring);
    if (!inner)
        return 0;
    u32 *found = map_lookup(inner, &slot);
    return found ? *found : 0;
}

FUNCTION void count(u32 number, u8 letter)
{
    struct key key = {.number = number, .letter = letter};
    struct value fresh = {.count = 1, .last = number};
    struct value *known = map_lookup(&seen, &key);
    if (known)
        __sync_fetch_and_add(&known->count, 1);
    else
        map_update(&seen, &key, &fresh, NEW);
    u32 zero = 0;
    u64 *total = map_lookup(&counters, &zero);
    if (total)
        (*total)++;
    u32 *event = ring_reserve(&events, sizeof *event, 0);
    if (event) {
        *event = number;
        ring_submit(event, 0);
    }
}

// The first byte of a packet chooses a slot of ring 1; what is there, if anything, becomes its second byte.
SEC("xdp/choosing") int choosing(struct xdp_md *context)
{
    u8 *data = (u8 *)(long)context->data, *end = (u8 *)(long)context->data_end;
    if (data + 14 > end)
        return XDP_DROP;
    u8 slot = data[0];
    if (counts)
        count(slot, 'x');
    u32 chosen = choose(1, slot);
    if (chosen)
        data[1] = chosen;
    return verdict;
}

SEC("tcx/ingress") int passing(struct __sk_buff *packet)
{
    count(packet->len, 't');
    return TC_NEXT;
}

SEC("sk_lookup") int leading(struct bpf_sk_lookup *context)
{
    u32 zero = 0;
    void *listener = map_lookup(&listeners, &zero);
    if (listener) {
        socket_assign(context, listener, 0);
        socket_release(listener);
    }
    return SOCKET_PASS;
}

char terms[] SEC("license") = "Dual MIT/GPL";
