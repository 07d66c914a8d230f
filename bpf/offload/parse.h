// Reading a packet, up to its ports. What is not a whole datagram of UDP in a plain packet for this machine, without
// options and no fragment, is the kernel's: this program has nothing to say of it.
#pragma once
#include "../balancer/headers.h"
#include "tables.h"

struct datagram {
    u32 length;  // of the IP packet, as it says
    u32 longest; // of the packets that it becomes on the wire: it may be a train of them
    u8 is_ipv6;
    u8 ttl;
    u8 is_damaged;
    u8 has_checksum;
    u32 pad;
    struct path path ALIGNED;
};

// Keys are written in halves of 8 bytes, as the kernel compares them.
INLINE void map_ipv4(u32 *address, u32 word)
{
    u64 *halves = (u64 *)address;
    halves[0] = 0;
    halves[1] = ((u64)word << 32) | WIRE32(0xffffu);
}

INLINE void copy_address(u32 *to, const u32 *from)
{
    for (int i = 0; i < 4; i++)
        to[i] = from[i];
}

enum {
    HEADERS_IPV4 = sizeof(struct ethernet) + sizeof(struct ipv4) + sizeof(struct udp),
    HEADERS_IPV6 = sizeof(struct ethernet) + sizeof(struct ipv6) + sizeof(struct udp),
};

INLINE u32 network_length(const struct datagram *datagram)
{
    return datagram->is_ipv6 ? sizeof(struct ipv6) : sizeof(struct ipv4);
}

INLINE u32 headers_length(const struct datagram *datagram) { return network_length(datagram) + sizeof(struct udp); }

// The headers, where they can be read and written at once; null: the packet is shorter.
INLINE u8 *headers_of(struct __sk_buff *context, u32 length)
{
    u8 *data = (u8 *)(long)context->data;
    if (data + length <= (u8 *)(long)context->data_end)
        return data;
    if (pull_data(context, length))
        return 0;
    data = (u8 *)(long)context->data;
    return data + length <= (u8 *)(long)context->data_end ? data : 0;
}

INLINE int read_udp(struct __sk_buff *context, struct datagram *datagram, const struct udp *udp)
{
    u32 length = datagram->length;
    datagram->path.source_port = udp->source;
    datagram->path.destination_port = udp->destination;
    datagram->path.pad = 0;
    datagram->has_checksum = udp->checksum != 0;
    datagram->is_damaged = length < headers_length(datagram) || sizeof(struct ethernet) + length > context->len ||
                           SWAP16(udp->length) != length - network_length(datagram);
    datagram->longest = context->gso_size ? headers_length(datagram) + context->gso_size : length;
    return 1;
}

INLINE int read_ipv4(struct __sk_buff *context, struct datagram *datagram)
{
    struct ethernet *ethernet = (void *)headers_of(context, HEADERS_IPV4);
    struct ipv4 *ip = (void *)(ethernet + 1);
    struct udp *udp = (void *)(ip + 1);
    if (!ethernet || ethernet->type != TYPE_IPV4 || ip->version_and_words != IPV4_PLAIN ||
        ip->protocol != PROTOCOL_UDP || (ip->fragment & IPV4_FRAGMENT))
        return 0;
    datagram->ttl = ip->ttl;
    datagram->length = SWAP16(ip->length);
    map_ipv4(datagram->path.source, ip->source);
    map_ipv4(datagram->path.destination, ip->destination);
    return read_udp(context, datagram, udp);
}

INLINE int read_ipv6(struct __sk_buff *context, struct datagram *datagram)
{
    struct ethernet *ethernet = (void *)headers_of(context, HEADERS_IPV6);
    struct ipv6 *ip = (void *)(ethernet + 1);
    struct udp *udp = (void *)(ip + 1);
    if (!ethernet || ethernet->type != TYPE_IPV6 || (ip->version_class_label & 0xf0) != 0x60 ||
        ip->next != PROTOCOL_UDP)
        return 0;
    datagram->is_ipv6 = 1;
    datagram->ttl = ip->hops;
    datagram->length = SWAP16(ip->length) + sizeof *ip;
    copy_address(datagram->path.source, ip->source);
    copy_address(datagram->path.destination, ip->destination);
    return read_udp(context, datagram, udp);
}

enum { FOR_THIS_MACHINE = 0 };

INLINE int read_datagram(struct __sk_buff *context, struct datagram *datagram)
{
    // A VLAN's packets are seen here before its own interface has them; that is where they would be turned.
    if (context->pkt_type != FOR_THIS_MACHINE || context->vlan_present)
        return 0;
    return context->protocol == TYPE_IPV4   ? read_ipv4(context, datagram)
           : context->protocol == TYPE_IPV6 ? read_ipv6(context, datagram)
                                            : 0;
}
