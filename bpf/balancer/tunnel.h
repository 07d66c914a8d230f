// Tunnels: the packet goes to the backend within another, and stays what it is. The backend answers the client itself.
//
// IP in IP (RFC 2003; RFC 2473; RFC 4213) in all four mixes of families, or within UDP (GUE, draft-ietf-intarea-gue,
// variant 1: the IP packet follows the header of UDP at once, its first bits tell which it is). UDP is for networks that
// spread by ports; the source port is a hash of the flow.
//
// The class of service and the marks of congestion are those of the packet inside (RFC 6040, 4.1). The outer packet fits
// the way to the backend, so that it must never be fragmented: DF is always set and its number says nothing (RFC 6864).
//
// Over IPv6 UDP has to have a checksum (RFC 8200, 8.1). It is not summed up over what is inside: a transport's checksum
// makes the sum of itself and its pseudo header zero, so the sum is known from headers alone. If what is inside was
// damaged on the way here, the outside is, too. Of many segments in one each would need another sum, which nobody makes.
//
// Headers are put together in registers and written in whole words: what was written in parts a processor can sum up only
// after all of it is in its cache.
#pragma once
#include "direct.h"
#include "hash.h"
#include "tell.h"

struct envelope {
    u64 inner_sum;
    u32 overhead;
    u32 length; // of the packet inside
    u16 source_port;
    u8 service;
    u8 protocol; // what is inside, as IP calls it
    u8 is_gue;
    u8 is_ipv6; // outside
};

// What a transport and its checksum sum up to, when the header before it is summed up without its addresses: those of the
// pseudo header are the same, and make up for them.
INLINE u64 without(u8 protocol, u16 length) { return (u64)(u16)~WIRE16(protocol) + (u16)~length; }

// Looks at what is inside, and sums it up as it will be when a hop was taken. 0: a sum is needed, and cannot be known.
INLINE int look_inside(hook *context, struct packet *packet, struct envelope *envelope)
{
    struct view view = look(context);
    u8 *network = network_of(view, packet);
    u16 length = SWAP16((u16)(packet->length - header_length(packet)));
    int needs_sum = envelope->is_gue && envelope->is_ipv6;
    if (packet->is_ipv6) {
        struct ipv6 *ip = (struct ipv6 *)network;
        if ((u8 *)(ip + 1) > view.end)
            return 0;
        envelope->service = SWAP32(ip->version_class_label) >> 20;
        envelope->protocol = PROTOCOL_IPV6;
        if (needs_sum)
            envelope->inner_sum = sum_words((u32 *)ip, 2) + HOP_TAKEN + without(ip->next, length);
    } else {
        struct ipv4 *ip = (struct ipv4 *)network;
        struct udp *udp = (struct udp *)(ip + 1);
        if ((u8 *)(udp + 1) > view.end || (needs_sum && ip->protocol == PROTOCOL_UDP && !udp->checksum))
            return 0;
        envelope->service = ip->service;
        envelope->protocol = PROTOCOL_IPV4;
        if (needs_sum)
            envelope->inner_sum = ip->protocol == PROTOCOL_ICMP
                                      ? sum_words((u32 *)ip, sizeof *ip / 4)
                                      : sum_words((u32 *)ip, 3) + without(ip->protocol, length);
    }
    return !needs_sum || !is_many(context);
}

// What comes before a packet on the way to a backend.
INLINE u32 overhead_of(const struct backend *backend)
{
    u8 forwarding = backend->forwarding;
    return forwarding != FORWARD_IPIP && forwarding != FORWARD_GUE
               ? 0
               : (backend->flags & BACKEND_IPV6 ? sizeof(struct ipv6) : sizeof(struct ipv4)) +
                     (forwarding == FORWARD_GUE ? sizeof(struct udp) : 0);
}

INLINE u32 ports_of(const struct envelope *envelope, const struct backend *backend)
{
    return envelope->source_port | (u32)backend->tunnel_port << 16;
}

INLINE u32 write_ipv4(hook *context, struct packet *packet, const struct envelope *envelope, const struct backend *backend)
{
    struct view view = look(context);
    u32 *words = (u32 *)network_of(view, packet);
    if ((u8 *)(words + (sizeof(struct ipv4) + sizeof(struct udp)) / 4) > view.end)
        return DROPPED_NO_ROOM;
    u32 length = envelope->length + envelope->overhead;
    u8 protocol = envelope->is_gue ? PROTOCOL_UDP : envelope->protocol;
    u32 first = IPV4_PLAIN | (u32)envelope->service << 8 | (u32)SWAP16(length) << 16;
    u32 second = (u32)IPV4_DO_NOT_FRAGMENT << 16;
    u32 third = FRESH_TTL | (u32)protocol << 8;
    u32 source = backend->source[3], destination = backend->address[3];
    words[0] = first;
    words[1] = second;
    words[2] = third | (u32)(u16)~fold((u64)first + second + third + source + destination) << 16;
    words[3] = source;
    words[4] = destination;
    // Here a checksum of UDP may be left out, and most networks' hardware checks what is inside.
    if (envelope->is_gue) {
        words[5] = ports_of(envelope, backend);
        words[6] = SWAP16(envelope->length + sizeof(struct udp));
        note_change(context, (u64)words[5] + words[6]);
    }
    return READ;
}

INLINE u32 write_ipv6(hook *context, struct packet *packet, const struct envelope *envelope, const struct backend *backend)
{
    struct view view = look(context);
    struct ipv6 *ip = (struct ipv6 *)network_of(view, packet);
    u32 *words = (u32 *)ip;
    if ((u8 *)(words + (sizeof *ip + sizeof(struct udp)) / 4) > view.end)
        return DROPPED_NO_ROOM;
    u16 length = envelope->length + envelope->overhead - sizeof *ip;
    u8 protocol = envelope->is_gue ? PROTOCOL_UDP : envelope->protocol;
    u32 first = SWAP32(0x60000000u | (u32)envelope->service << 20);
    u32 second = SWAP16(length) | (u32)protocol << 16 | (u32)FRESH_TTL << 24;
    words[0] = first;
    words[1] = second;
    copy_words(ip->source, backend->source);
    copy_words(ip->destination, backend->address);
    u64 sum = sum_words(backend->source, 4) + sum_words(backend->address, 4);
    note_change(context, sum + first + second);
    if (envelope->is_gue) {
        u32 ports = ports_of(envelope, backend);
        u16 checksum = ~fold(envelope->inner_sum + sum + WIRE16(PROTOCOL_UDP) + 2 * (u64)SWAP16(length) + ports);
        words[10] = ports;
        words[11] = SWAP16(length) | (u32)(checksum ? checksum : 0xffff) << 16;
        note_change(context, (u64)words[10] + words[11]);
    }
    return READ;
}

INLINE u32 wrap(hook *context, struct packet *packet, const struct envelope *envelope, const struct backend *backend)
{
    if (!make_room(context, packet, envelope->overhead, envelope->is_ipv6 ? TYPE_IPV6 : TYPE_IPV4,
                   envelope->is_gue ? ROOM_FOR_DATAGRAM : ROOM_FOR_PACKET))
        return DROPPED_NO_ROOM;
    return envelope->is_ipv6 ? write_ipv6(context, packet, envelope, backend)
                             : write_ipv4(context, packet, envelope, backend);
}

INLINE u32 send_tunnel(hook *context, struct packet *packet, const struct backend *backend)
{
    struct envelope envelope = {
        .length = packet->length,
        .is_gue = backend->forwarding == FORWARD_GUE,
        .is_ipv6 = (backend->flags & BACKEND_IPV6) != 0,
    };
    envelope.overhead = overhead_of(backend);
    if (!look_inside(context, packet, &envelope))
        return DROPPED_NO_CHECKSUM;
    u32 reason = take_hop(context, packet);
    if (reason != READ)
        return reason;
    // A port of those that nobody listens at (RFC 6335, 6).
    if (envelope.is_gue)
        envelope.source_port = WIRE16(0xc000) | (u16)(spread_of(&packet->flow) >> 48);
    reason = wrap(context, packet, &envelope, backend);
    if (reason == READ)
        reason = address_to(context, packet, backend);
    return reason == READ ? SENT_TUNNEL : reason;
}
