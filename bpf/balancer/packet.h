// A packet on its way through the program: what was read of it, and where it is to leave.
#pragma once
#include "headers.h"
#include "tables.h"

struct packet {
    u64 network;  // where the IP header begins: 14, and 4 more for each tag among the bytes
    u32 ingress;
    u32 egress; // 0: as it came
    u32 length; // of the IP packet, as it says
    u8 is_ipv6;
    // An ICMP error: its flow is that of the packets in the other direction, so that it goes the same way as they do.
    u8 is_error;
    u8 ttl;
    u8 flags; // of TCP
    u32 is_tapped;
    struct tags tags ALIGNED; // that it came with
    struct flow flow ALIGNED;
};

// Where its bytes are. Moving the head or the tail makes a view void.
struct view {
    u8 *data;
    u8 *end;
};

// A place that is known at run time only. The mask tells the verifier its bound (it is 22 at most); the barrier keeps the
// compiler from computing other places from the same number anew, which the verifier would not know to be related.
INLINE u8 *place(struct view view, u64 offset)
{
    u8 *at = view.data + (offset & 31);
    asm volatile("" : "+r"(at));
    return at;
}

INLINE u8 *network_of(struct view view, const struct packet *packet) { return place(view, packet->network); }

INLINE u32 header_length(const struct packet *packet) { return packet->is_ipv6 ? sizeof(struct ipv6) : sizeof(struct ipv4); }

INLINE int opens(const struct packet *packet)
{
    return !packet->is_error && packet->flow.protocol == PROTOCOL_TCP && (packet->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

// Keys are written in halves of 8 bytes, as the kernel compares them: what was written in smaller parts a processor cannot
// read as a whole before all of it is in its cache.
INLINE void map_ipv4(u32 *address, u32 word)
{
    u64 *halves = (u64 *)address;
    halves[0] = 0;
    halves[1] = ((u64)word << 32) | WIRE32(0xffffu);
}

INLINE void copy_address(u32 *to, const u32 *from)
{
    ((u64 *)to)[0] = ((const u64 *)from)[0];
    ((u64 *)to)[1] = ((const u64 *)from)[1];
}

// Where a key has its address at no multiple of 8.
INLINE void copy_words(u32 *to, const u32 *from)
{
    to[0] = from[0];
    to[1] = from[1];
    to[2] = from[2];
    to[3] = from[3];
}

INLINE void describe_ports(struct flow *flow, u16 source, u16 destination, u8 protocol)
{
    *(u64 *)&flow->source_port = ((u64)protocol << 32) | ((u64)destination << 16) | source;
}

INLINE int is_same_address(const u32 *one, const u32 *other)
{
    return one[0] == other[0] && one[1] == other[1] && one[2] == other[2] && one[3] == other[3];
}

INLINE int is_same_hardware(const u16 *one, const u16 *other)
{
    return one[0] == other[0] && one[1] == other[1] && one[2] == other[2];
}

INLINE void copy_hardware(u16 *to, const u16 *from)
{
    to[0] = from[0];
    to[1] = from[1];
    to[2] = from[2];
}

// Time, coarse as it may be for what is forgotten after a while: a second where a second has 250 jiffies. Reading them is a
// load from memory, and any other clock a call or two.
INLINE u32 tick(void) { return jiffies() >> 8; }
