// The hook of traffic control, behind the driver: the kernel has made a socket buffer of the frame.
//
//   - Not all of its bytes lie in a row; those that do can be read and written here.
//   - The outer tag of a VLAN is not among the bytes.
//   - It may be many segments in one (GSO), longer than any that will leave: the kernel or the interface cuts it apart at
//     the end, and makes the headers of each from the ones that are here.
//   - Its transport may have no checksum yet, only the sum of its pseudo header: whoever sends it sums up the rest
//     (CHECKSUM_PARTIAL). Then addresses have to be changed in that sum, and ports must not be.
//   - The kernel may know the sum of all its bytes (CHECKSUM_COMPLETE). What changes has to be changed in that, too, if it
//     is not made up for by a checksum that changes with it.
//
// Nobody can ask which of the last two it is; the kernel's own helpers know.
#pragma once
#include "checksum.h"
#include "options.h"
#include "tags.h"

typedef struct __sk_buff hook;

// An ICMP error over IPv6 with a tag, and what it quotes up to the end of a header of TCP.
enum { REACHED = 136 };

INLINE struct view look(hook *context)
{
    return (struct view){(u8 *)(long)context->data, (u8 *)(long)context->data_end};
}

INLINE void reach(hook *context)
{
    struct view view = look(context);
    u32 length = context->len;
    u64 reached = view.end - view.data;
    if (reached < REACHED && reached < length)
        pull_data(context, length < REACHED ? length : REACHED);
}

INLINE u32 ingress_of(hook *context) { return context->ifindex; }

INLINE u64 frame_length(hook *context) { return context->len; }

INLINE long copy_bytes(hook *context, void *to, u32 length) { return load_bytes(context, 0, to, length); }

INLINE u32 carried_tag(hook *context)
{
    u32 type = context->vlan_proto, number = context->vlan_tci;
    return context->vlan_present ? (u16)type | (u32)SWAP16(number) << 16 : 0;
}

INLINE int is_many(hook *context) { return context->gso_size != 0; }

// Segments of TCP get shorter by what comes before them, so that they stay as long as they would have been. Datagrams
// are not for us to divide anew.
INLINE int fits(hook *context, const struct packet *packet, u32 overhead, u32 mtu)
{
    u32 segment = context->gso_size;
    if (!segment)
        return packet->length + overhead <= mtu;
    if (packet->flow.protocol != PROTOCOL_TCP)
        return header_length(packet) + sizeof(struct udp) + segment + overhead <= mtu;
    struct view view = look(context);
    struct tcp *tcp = (struct tcp *)(network_of(view, packet) + header_length(packet));
    return (u8 *)(tcp + 1) <= view.end && header_length(packet) + (tcp->words >> 4) * 4 + segment <= mtu;
}

// The outer tag is put where it was not: the kernel moves the inner one among the bytes, or back.
INLINE int push_tag(hook *context, u32 tag) { return !vlan_push(context, (u16)tag, SWAP16((u16)(tag >> 16))); }

INLINE int make_room(hook *context, struct packet *packet, u32 room, u16 type, enum room_for what)
{
    // The kernel makes room for nothing that looks to it as if it were no IP packet.
    int is_tagged = packet->network > sizeof(struct ethernet);
    u64 flags = what == ROOM_FOR_ERROR ? 0 : type == TYPE_IPV6 ? ROOM_FOR_IPV6 : ROOM_FOR_IPV4;
    if (what == ROOM_FOR_DATAGRAM)
        flags |= ROOM_FOR_UDP;
    if (packet->flow.protocol == PROTOCOL_UDP)
        flags |= ROOM_FIXED_SEGMENTS;
    if ((flags && packet->length + room > 0xffff) || (is_tagged && vlan_pop(context)) ||
        adjust_room(context, room, ROOM_BEFORE_NETWORK, flags) || (is_tagged && !push_tag(context, packet->tags.outer)))
        return 0;
    packet->network = sizeof(struct ethernet) + (packet->tags.inner ? 4 : 0);
    struct view view = look(context);
    u16 *last = (u16 *)place(view, packet->network - 2);
    if ((u8 *)(last + 1) > view.end)
        return 0;
    *last = type;
    return 1;
}

INLINE int cut(hook *context, struct packet *packet, u32 length)
{
    u32 end = packet->network + length;
    return end >= context->len || !change_tail(context, end, 0);
}

INLINE u32 checksum_at(const struct packet *packet)
{
    return packet->network + header_length(packet) +
           (packet->flow.protocol == PROTOCOL_UDP ? offsetof(struct udp, checksum) : offsetof(struct tcp, checksum));
}

INLINE u16 *see_checksum(struct view view, const struct packet *packet)
{
    u8 *transport = network_of(view, packet) + header_length(packet);
    u16 *checksum = packet->flow.protocol == PROTOCOL_UDP ? &((struct udp *)transport)->checksum
                                                          : &((struct tcp *)transport)->checksum;
    return (u8 *)(checksum + 1) > view.end ? 0 : checksum;
}

// A checksum that is not there yet, whoever sends the packet puts even into what is only quoted. So it must not be cut off;
// and what is summed up then is all but the pseudo header, whose sum is there already. That a checksum is not there yet
// shows when one that is there would change.
INLINE struct quotation quote(hook *context, const struct packet *packet)
{
    struct quotation quotation = {.bytes = QUOTED_BYTES};
    u16 *checksum = see_checksum(look(context), packet);
    if (!checksum)
        return quotation;
    u16 before = *checksum;
    l4_csum_replace(context, checksum_at(packet), 0, 1, 0);
    checksum = see_checksum(look(context), packet);
    if (!checksum)
        return quotation;
    if (*checksum == before) {
        quotation.is_summed = 1;
        quotation.sum = ~before;
        if (packet->flow.protocol == PROTOCOL_TCP)
            quotation.bytes = sizeof(struct tcp);
    }
    *checksum = before;
    return quotation;
}

FUNCTION int change_tags(hook *context, struct packet *packet, const struct tags *tags)
{
    if ((packet->tags.outer && vlan_pop(context)) || (packet->tags.inner && vlan_pop(context)) ||
        (tags->inner && !push_tag(context, tags->inner)) || (tags->outer && !push_tag(context, tags->outer)))
        return 0;
    packet->network = sizeof(struct ethernet) + (tags->inner ? 4 : 0);
    return 1;
}

// The kernel takes a change of the pseudo header for one that no other byte makes up for, as it is with IPv4, where the
// header's own checksum has done so. In IPv6 it is the other way round.
INLINE void update_transport(hook *context, const struct packet *packet, u16 *checksum, u64 addresses, u64 ports)
{
    int is_udp = packet->flow.protocol == PROTOCOL_UDP;
    u32 offset = checksum_at(packet);
    u64 flags = is_udp ? CHECKSUM_NOT_ZERO : 0;
    l4_csum_replace(context, offset, 0, fold(addresses), flags | CHECKSUM_PSEUDO);
    l4_csum_replace(context, offset, 0, fold(ports), flags);
    if (packet->is_ipv6)
        csum_update(context, fold(addresses));
}

INLINE void note_change(hook *context, u64 difference) { csum_update(context, fold(difference)); }

INLINE int transmit(hook *context, const struct packet *packet)
{
    return redirect(packet->egress ? packet->egress : packet->ingress, 0);
}
