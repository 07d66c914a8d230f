// Looks into a frame: is it a tunnel's packet with one for a vip inside? Nothing is changed here. What cannot be read, or
// is not for a vip, is the kernel's; once it is for a vip, what is wrong with it ends it.
//
// IP in IP (RFC 2003; RFC 2473; RFC 4213), and in UDP (GUE, draft-ietf-intarea-gue, variant 1: the first bits of what
// follows UDP are the version of an IP header). What the outer header covers is believed where it is cheap: IPv4 has a sum
// over its header. One of UDP is not summed up over all that follows, as tunnels need not (RFC 6935): what is inside has
// sums of its own over its addresses and ports, and whoever receives it looks at them.
#pragma once
#include "../balancer/checksum.h"
#include "tables.h"

struct view {
    u8 *data;
    u8 *end;
};

struct tunnel {
    u64 network; // where the outer header begins
    u64 length;  // of what is to be taken off
    u32 source[4] ALIGNED;
    u32 room; // bytes that the outer packet has for the inner, as it says
    u16 inner_type;
    u8 protocol; // inside of the outer header
    u8 service;  // of the outer header
    u8 is_outer_ipv6;
    u8 inner_service; // what it is to be
    u8 is_marked;     // it is another than it was
};

// A place that is known at run time only; it is 110 at most. The barrier keeps the compiler from computing other places
// from the same number anew, which the verifier would not know to be related.
INLINE u8 *place(struct view view, u64 offset)
{
    u8 *at = view.data + (offset & 127);
    asm volatile("" : "+r"(at));
    return at;
}

INLINE void map_ipv4(u32 *address, u32 word)
{
    address[0] = 0;
    address[1] = 0;
    address[2] = WIRE32(0xffffu);
    address[3] = word;
}

INLINE void copy_address(u32 *to, const u32 *from)
{
    to[0] = from[0];
    to[1] = from[1];
    to[2] = from[2];
    to[3] = from[3];
}

INLINE u32 open_outer_ipv4(struct view view, struct tunnel *tunnel)
{
    struct ipv4 *ip = (struct ipv4 *)place(view, tunnel->network);
    if ((u8 *)(ip + 1) > view.end)
        return PASSED_CUT;
    u8 protocol = ip->protocol;
    if (protocol != PROTOCOL_IPV4 && protocol != PROTOCOL_IPV6 && !(protocol == PROTOCOL_UDP && tunnel_port))
        return PASSED_NOT_TUNNEL;
    if (ip->version_and_words != IPV4_PLAIN || (ip->fragment & IPV4_FRAGMENT))
        return PASSED_OUTER;
    map_ipv4(tunnel->source, ip->source);
    tunnel->protocol = protocol;
    tunnel->service = ip->service;
    tunnel->length = sizeof *ip;
    u32 length = SWAP16(ip->length);
    tunnel->room = length < sizeof *ip ? 0 : length - sizeof *ip;
    return READ;
}

INLINE u32 open_outer_ipv6(struct view view, struct tunnel *tunnel)
{
    struct ipv6 *ip = (struct ipv6 *)place(view, tunnel->network);
    if ((u8 *)(ip + 1) > view.end)
        return PASSED_CUT;
    u8 next = ip->next;
    if (next == PROTOCOL_HOP_BY_HOP || next == PROTOCOL_ROUTING || next == PROTOCOL_FRAGMENT || next == PROTOCOL_DESTINATION)
        return PASSED_OUTER;
    if (next != PROTOCOL_IPV4 && next != PROTOCOL_IPV6 && !(next == PROTOCOL_UDP && tunnel_port))
        return PASSED_NOT_TUNNEL;
    copy_address(tunnel->source, ip->source);
    tunnel->is_outer_ipv6 = 1;
    tunnel->protocol = next;
    tunnel->service = SWAP32(ip->version_class_label) >> 20;
    tunnel->length = sizeof *ip;
    tunnel->room = SWAP16(ip->length);
    return READ;
}

// Within UDP the first four bits of what follows are the version of IP, or it is another variant of GUE.
INLINE u32 open_udp(struct view view, struct tunnel *tunnel)
{
    struct udp *udp = (struct udp *)place(view, tunnel->network + tunnel->length);
    u8 *inner = (u8 *)(udp + 1);
    if (inner + 1 > view.end)
        return PASSED_CUT;
    if (udp->destination != tunnel_port)
        return PASSED_NOT_TUNNEL;
    u8 version = *inner >> 4;
    if (version != 4 && version != 6)
        return PASSED_NOT_TUNNEL;
    u32 length = SWAP16(udp->length);
    tunnel->room = length > tunnel->room || length < sizeof *udp ? 0 : length - sizeof *udp;
    tunnel->length += sizeof *udp;
    tunnel->inner_type = version == 4 ? TYPE_IPV4 : TYPE_IPV6;
    return READ;
}

INLINE int is_vip(const u32 *address)
{
    struct address key;
    copy_address(key.words, address);
    return map_lookup(&vips, &key) != 0;
}

INLINE int is_balancer(const struct tunnel *tunnel)
{
    if (!has_sources)
        return 1;
    struct source_key key = {.length = 128};
    copy_address(key.address, tunnel->source);
    return map_lookup(&sources, &key) != 0;
}

// The outer header is not looked at by anybody after us.
INLINE int is_outer_whole(struct view view, const struct tunnel *tunnel)
{
    struct ipv4 *ip = (struct ipv4 *)place(view, tunnel->network);
    return tunnel->is_outer_ipv6 || ((u8 *)(ip + 1) <= view.end && fold(sum_words((u32 *)ip, sizeof *ip / 4)) == 0xffff);
}

enum { NOT_CAPABLE = 0, CAPABLE_1 = 1, CAPABLE_0 = 2, CONGESTED = 3, MARKS = 3 };

// The mark of congestion that the inner header is to have (RFC 6040, 4.2, figure 4).
INLINE u32 mark(struct tunnel *tunnel, u8 inner_service)
{
    u8 outer = tunnel->service & MARKS, inner = inner_service & MARKS, fresh = inner;
    if (outer == CONGESTED) {
        if (inner == NOT_CAPABLE)
            return DROPPED_CONGESTION;
        fresh = CONGESTED;
    } else if (outer == CAPABLE_1 && inner == CAPABLE_0) {
        fresh = CAPABLE_1;
    }
    tunnel->is_marked = fresh != inner;
    tunnel->inner_service = (inner_service & ~MARKS) | fresh;
    return READ;
}

INLINE u32 check(struct view view, struct tunnel *tunnel, u32 length)
{
    return !is_balancer(tunnel)                                                       ? DROPPED_DENIED
           : !is_outer_whole(view, tunnel)                                            ? DROPPED_CHECKSUM
           : length > tunnel->room                                                    ? DROPPED_CUT
                                                                                      : READ;
}

// The number of hops of the inner packet stays: it is delivered here, and where the vip is not here the kernel counts one
// when it forwards (RFC 2003, 3.1).
INLINE u32 open_inner(struct view view, struct tunnel *tunnel)
{
    u32 destination[4] ALIGNED;
    u32 length;
    u8 service;
    if (tunnel->inner_type == TYPE_IPV4) {
        struct ipv4 *ip = (struct ipv4 *)place(view, tunnel->network + tunnel->length);
        if ((u8 *)(ip + 1) > view.end)
            return PASSED_CUT;
        map_ipv4(destination, ip->destination);
        length = SWAP16(ip->length);
        service = ip->service;
    } else {
        struct ipv6 *ip = (struct ipv6 *)place(view, tunnel->network + tunnel->length);
        if ((u8 *)(ip + 1) > view.end)
            return PASSED_CUT;
        copy_address(destination, ip->destination);
        length = SWAP16(ip->length) + sizeof *ip;
        service = SWAP32(ip->version_class_label) >> 20;
    }
    if (!is_vip(destination))
        return PASSED_NOT_VIP;
    u32 reason = check(view, tunnel, length);
    return reason == READ ? mark(tunnel, service) : reason;
}

INLINE u32 open(struct view view, u16 type, struct tunnel *tunnel)
{
    u32 reason = type == TYPE_IPV4   ? open_outer_ipv4(view, tunnel)
                 : type == TYPE_IPV6 ? open_outer_ipv6(view, tunnel)
                                     : PASSED_NOT_IP;
    if (reason != READ)
        return reason;
    if (tunnel->protocol == PROTOCOL_UDP) {
        reason = open_udp(view, tunnel);
        if (reason != READ)
            return reason;
    } else {
        tunnel->inner_type = tunnel->protocol == PROTOCOL_IPV4 ? TYPE_IPV4 : TYPE_IPV6;
    }
    return open_inner(view, tunnel);
}

INLINE u32 taken(const struct tunnel *tunnel)
{
    u8 is_inner_ipv6 = tunnel->inner_type == TYPE_IPV6;
    return tunnel->protocol == PROTOCOL_UDP ? (tunnel->is_outer_ipv6 ? TAKEN_GUE_IN_IPV6 : TAKEN_GUE_IN_IPV4)
           : tunnel->is_outer_ipv6          ? (is_inner_ipv6 ? TAKEN_IPV6_IN_IPV6 : TAKEN_IPV4_IN_IPV6)
                                            : (is_inner_ipv6 ? TAKEN_IPV6_IN_IPV4 : TAKEN_IPV4_IN_IPV4);
}
