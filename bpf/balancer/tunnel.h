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
// damaged on the way here, the outside is, too.
#pragma once
#include "direct.h"
#include "hash.h"
#include "tags.h"
#include "tell.h"

struct envelope {
    u64 overhead;
    u64 inner_sum;
    struct tags tags;
    u16 source_port;
    u8 service;
    u8 protocol; // what is inside, as IP calls it
    u8 is_gue;
};

// Sums up what is inside. 0: it cannot be known.
INLINE int sum_inner(struct view view, struct packet *packet, struct envelope *envelope)
{
    u8 *network = network_of(view, packet);
    u16 length = packet->length - header_length(packet);
    if (packet->is_ipv6) {
        struct ipv6 *ip = (struct ipv6 *)network;
        if ((u8 *)(ip + 1) > view.end)
            return 0;
        envelope->inner_sum = sum_words((u32 *)ip, sizeof *ip / 4) +
                              (u16)~fold(pseudo_ipv6(ip->source, ip->destination, ip->next, length));
    } else {
        struct ipv4 *ip = (struct ipv4 *)network;
        struct udp *udp = (struct udp *)(ip + 1);
        if ((u8 *)(udp + 1) > view.end || (ip->protocol == PROTOCOL_UDP && !udp->checksum))
            return 0;
        u64 pseudo = ip->protocol == PROTOCOL_ICMP ? 0 : pseudo_ipv4(ip->source, ip->destination, ip->protocol, length);
        envelope->inner_sum = sum_words((u32 *)ip, sizeof *ip / 4) + (u16)~fold(pseudo);
    }
    return 1;
}

INLINE u32 look_inside(struct view view, struct packet *packet, struct envelope *envelope)
{
    u8 *network = network_of(view, packet);
    if (network + 4 > view.end || !take_tags(view, &envelope->tags))
        return DROPPED_CUT;
    envelope->service = packet->is_ipv6 ? (network[0] << 4) | (network[1] >> 4) : network[1];
    envelope->protocol = packet->is_ipv6 ? PROTOCOL_IPV6 : PROTOCOL_IPV4;
    return READ;
}

INLINE void write_udp(struct udp *udp, const struct envelope *envelope, const struct backend *backend, u16 length)
{
    udp->source = envelope->source_port;
    udp->destination = backend->tunnel_port;
    udp->length = SWAP16(length);
    udp->checksum = 0;
}

INLINE u32 write_ipv4(struct view view, struct packet *packet, const struct envelope *envelope, const struct backend *backend)
{
    struct ipv4 *ip = (struct ipv4 *)network_of(view, packet);
    struct udp *udp = (struct udp *)(ip + 1);
    if ((u8 *)(udp + 1) > view.end)
        return DROPPED_NO_ROOM;
    ip->version_and_words = IPV4_PLAIN;
    ip->service = envelope->service;
    ip->length = SWAP16((u16)(packet->length + envelope->overhead));
    ip->number = 0;
    ip->fragment = IPV4_DO_NOT_FRAGMENT;
    ip->ttl = FRESH_TTL;
    ip->protocol = envelope->is_gue ? PROTOCOL_UDP : envelope->protocol;
    ip->checksum = 0;
    ip->source = backend->source[3];
    ip->destination = backend->address[3];
    ip->checksum = ~fold(sum_words((u32 *)ip, sizeof *ip / 4));
    // Here a checksum of UDP may be left out, and most networks' hardware checks what is inside.
    if (envelope->is_gue)
        write_udp(udp, envelope, backend, packet->length + sizeof *udp);
    return READ;
}

INLINE u32 write_ipv6(struct view view, struct packet *packet, const struct envelope *envelope, const struct backend *backend)
{
    struct ipv6 *ip = (struct ipv6 *)network_of(view, packet);
    struct udp *udp = (struct udp *)(ip + 1);
    if ((u8 *)(udp + 1) > view.end)
        return DROPPED_NO_ROOM;
    u16 length = packet->length + envelope->overhead - sizeof *ip;
    ip->version_class_label = SWAP32(0x60000000u | ((u32)envelope->service << 20));
    ip->length = SWAP16(length);
    ip->next = envelope->is_gue ? PROTOCOL_UDP : envelope->protocol;
    ip->hops = FRESH_TTL;
    copy_address(ip->source, backend->source);
    copy_address(ip->destination, backend->address);
    if (envelope->is_gue) {
        write_udp(udp, envelope, backend, length);
        u16 checksum = ~fold(envelope->inner_sum + sum_words((u32 *)udp, sizeof *udp / 4) +
                             pseudo_ipv6(ip->source, ip->destination, PROTOCOL_UDP, length));
        udp->checksum = checksum ? checksum : 0xffff;
    }
    return READ;
}

INLINE u32 wrap(struct xdp_md *context, struct packet *packet, const struct envelope *envelope, const struct backend *backend)
{
    if (xdp_adjust_head(context, -(int)envelope->overhead))
        return DROPPED_NO_ROOM;
    struct view view = look(context);
    u8 is_ipv6 = (backend->flags & BACKEND_IPV6) != 0;
    if (!put_tags(view, packet, &envelope->tags, is_ipv6 ? TYPE_IPV6 : TYPE_IPV4))
        return DROPPED_NO_ROOM;
    return is_ipv6 ? write_ipv6(view, packet, envelope, backend) : write_ipv4(view, packet, envelope, backend);
}

SEPARATE enum reason send_tunnel(struct xdp_md *context, struct packet *packet, const struct backend *backend)
{
    if (!packet || !backend)
        return DROPPED_UNKNOWN;
    struct envelope envelope = {.is_gue = backend->forwarding == FORWARD_GUE};
    envelope.overhead = (backend->flags & BACKEND_IPV6 ? sizeof(struct ipv6) : sizeof(struct ipv4)) +
                        (envelope.is_gue ? sizeof(struct udp) : 0);
    if (packet->length + envelope.overhead > backend->mtu)
        return tell(context, packet, TELLS_TOO_BIG, backend->mtu - envelope.overhead);
    struct view view = look(context);
    u32 reason = take_hop(view, packet);
    if (reason == READ)
        reason = look_inside(view, packet, &envelope);
    if (reason != READ)
        return reason;
    if (envelope.is_gue) {
        if ((backend->flags & BACKEND_IPV6) && !sum_inner(view, packet, &envelope))
            return DROPPED_NO_CHECKSUM;
        // A port of those that nobody listens at (RFC 6335, 6).
        envelope.source_port = WIRE16(0xc000) | (u16)(hash_of(&packet->flow, 0) >> 32);
    }
    reason = wrap(context, packet, &envelope, backend);
    if (reason == READ)
        reason = address_frame(look(context), backend->hardware, backend->source_hardware);
    return reason == READ ? SENT_TUNNEL : reason;
}
