// ICMP errors that a vip tells to a client: its packet has no hop left, or does not fit on the way to the backend. They are
// necessary: without the second no large packet would ever arrive (RFC 1191; RFC 8201), and without the first traceroute
// would see a hole. Nobody is told of an error about an error, nor is whoever has no address (RFC 1122, 3.2.2).
//
// Of the packet they quote its header and eight bytes, as RFC 792 has it. RFC 4443 would like more, which nobody needs: the
// ports and the sequence number are in there. Whether it may be fragmented is not asked: this program could not, and
// hosts learn from the error either way.
#pragma once
#include "direct.h"
#include "guard.h"

enum { FRESH_TTL = 64 };

enum told { TELLS_EXPIRED, TELLS_TOO_BIG };

INLINE int can_be_told(const struct packet *packet)
{
    const u32 *source = packet->flow.source;
    u8 first = packet->is_ipv6 ? source[0] : source[3];
    u32 any = packet->is_ipv6 ? source[0] | source[1] | source[2] | source[3] : source[3];
    return any && (packet->is_ipv6 ? first != 0xff : first < 224);
}

// The frame with room before its IP packet, and its end where the error ends; it goes back to whoever sent it.
INLINE u32 turn_frame(hook *context, struct packet *packet, u32 room, u32 quoted)
{
    struct view view = look(context);
    u16 hardware[3], source[3];
    struct ethernet *ethernet = (struct ethernet *)view.data;
    if ((u8 *)(ethernet + 1) > view.end)
        return DROPPED_CUT;
    copy_hardware(hardware, ethernet->source);
    copy_hardware(source, ethernet->destination);
    if (!cut(context, packet, quoted) ||
        !make_room(context, packet, room, packet->is_ipv6 ? TYPE_IPV6 : TYPE_IPV4, ROOM_FOR_ERROR))
        return DROPPED_NO_ROOM;
    view = look(context);
    ethernet = (struct ethernet *)view.data;
    if ((u8 *)(ethernet + 1) > view.end)
        return DROPPED_NO_ROOM;
    copy_hardware(ethernet->destination, hardware);
    copy_hardware(ethernet->source, source);
    packet->egress = 0;
    return READ;
}

INLINE u64 sum_quoted(const struct quotation *quotation, const u32 *more)
{
    return quotation->is_summed ? quotation->sum : sum_words(more, QUOTED_BYTES / 4);
}

INLINE u32 tell_ipv4(hook *context, struct packet *packet, enum told told, u16 mtu)
{
    struct {
        struct ipv4 ip;
        struct icmp icmp;
        struct ipv4 quoted;
        u32 more[QUOTED_BYTES / 4];
    } *error;
    struct quotation quotation = quote(context, packet);
    u16 length = sizeof *error - sizeof error->more + quotation.bytes;
    u32 reason = turn_frame(context, packet, sizeof error->ip + sizeof error->icmp, sizeof error->quoted + quotation.bytes);
    if (reason != READ)
        return reason;
    struct view view = look(context);
    error = (void *)network_of(view, packet);
    if ((u8 *)(error + 1) > view.end)
        return DROPPED_NO_ROOM;
    error->ip.version_and_words = IPV4_PLAIN;
    error->ip.service = 0;
    error->ip.length = SWAP16(length);
    error->ip.number = 0;
    error->ip.fragment = IPV4_DO_NOT_FRAGMENT;
    error->ip.ttl = FRESH_TTL;
    error->ip.protocol = PROTOCOL_ICMP;
    error->ip.checksum = 0;
    error->ip.source = packet->flow.destination[3];
    error->ip.destination = packet->flow.source[3];
    error->ip.checksum = ~fold(sum_words((u32 *)&error->ip, sizeof error->ip / 4));
    error->icmp.type = told == TELLS_EXPIRED ? ICMP_EXPIRED : ICMP_UNREACHABLE;
    error->icmp.code = told == TELLS_EXPIRED ? 0 : ICMP_NEEDS_FRAGMENTS;
    error->icmp.checksum = 0;
    error->icmp.rest = told == TELLS_EXPIRED ? 0 : SWAP32((u32)mtu);
    error->icmp.checksum = ~fold(sum_words((u32 *)&error->icmp, (sizeof error->icmp + sizeof error->quoted) / 4) +
                                 sum_quoted(&quotation, error->more));
    note_change(context, sum_words((u32 *)&error->icmp, sizeof error->icmp / 4));
    return READ;
}

INLINE u32 tell_ipv6(hook *context, struct packet *packet, enum told told, u16 mtu)
{
    struct {
        struct ipv6 ip;
        struct icmp icmp;
        struct ipv6 quoted;
        u32 more[QUOTED_BYTES / 4];
    } *error;
    struct quotation quotation = quote(context, packet);
    u16 length = sizeof *error - sizeof error->ip - sizeof error->more + quotation.bytes;
    u32 reason = turn_frame(context, packet, sizeof error->ip + sizeof error->icmp, sizeof error->quoted + quotation.bytes);
    if (reason != READ)
        return reason;
    struct view view = look(context);
    error = (void *)network_of(view, packet);
    if ((u8 *)(error + 1) > view.end)
        return DROPPED_NO_ROOM;
    error->ip.version_class_label = WIRE32(0x60000000u);
    error->ip.length = SWAP16(length);
    error->ip.next = PROTOCOL_ICMPV6;
    error->ip.hops = FRESH_TTL;
    copy_address(error->ip.source, packet->flow.destination);
    copy_address(error->ip.destination, packet->flow.source);
    error->icmp.type = told == TELLS_EXPIRED ? ICMPV6_EXPIRED : ICMPV6_TOO_BIG;
    error->icmp.code = 0;
    error->icmp.checksum = 0;
    error->icmp.rest = told == TELLS_EXPIRED ? 0 : SWAP32((u32)mtu);
    error->icmp.checksum =
        ~fold(pseudo_ipv6(packet->flow.destination, packet->flow.source, PROTOCOL_ICMPV6, length) +
              sum_words((u32 *)&error->icmp, (sizeof error->icmp + sizeof error->quoted) / 4) +
              sum_quoted(&quotation, error->more));
    note_change(context, sum_words((u32 *)error, (sizeof error->ip + sizeof error->icmp) / 4));
    return READ;
}

FUNCTION enum reason tell(hook *context, struct packet *packet, enum told told, u16 mtu)
{
    if (packet->is_error || !can_be_told(packet))
        return told == TELLS_EXPIRED ? DROPPED_EXPIRED : DROPPED_TOO_BIG;
    if (!may_tell())
        return DROPPED_QUIET;
    u32 reason = packet->is_ipv6 ? tell_ipv6(context, packet, told, mtu) : tell_ipv4(context, packet, told, mtu);
    return reason != READ ? reason : told == TELLS_EXPIRED ? SENT_EXPIRED : SENT_TOO_BIG;
}
