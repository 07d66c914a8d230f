// Changing the addresses and ports of a datagram. Its checksum follows by what changed, and so one that was damaged on its
// way stays damaged.
//
// What a packet says in that place need not be its checksum: where it was made on this machine or its guests, it is the sum
// of the pseudo header only, and the rest is left to the device that it leaves by (CHECKSUM_PARTIAL). The kernel's helper
// knows; to it addresses are told apart from ports. But it takes a zero there for "no checksum" (RFC 768), which such a sum
// may be, too. The two cannot be told apart, and datagrams with a zero are left to user space.
#pragma once
#include "../balancer/checksum.h"
#include "parse.h"

INLINE u32 fold32(u64 sum)
{
    sum = (sum & 0xffffffff) + (sum >> 32);
    return (sum & 0xffffffff) + (sum >> 32);
}

INLINE int follow(struct __sk_buff *context, const struct datagram *datagram, u64 addresses, u64 ports)
{
    u32 checksum = sizeof(struct ethernet) + network_length(datagram) + __builtin_offsetof(struct udp, checksum);
    return !l4_csum_replace(context, checksum, 0, fold32(addresses), CHECKSUM_PSEUDO | CHECKSUM_NOT_ZERO) &&
           !l4_csum_replace(context, checksum, 0, fold32(ports), CHECKSUM_NOT_ZERO);
}

INLINE u64 changed_ports(const struct path *from, const struct path *to)
{
    return changed16(from->source_port, to->source_port) + changed16(from->destination_port, to->destination_port);
}

INLINE int rewrite_ipv4(struct __sk_buff *context, const struct datagram *datagram, const struct path *to, u8 ttl)
{
    const struct path *from = &datagram->path;
    u64 addresses = changed32(from->source[3], to->source[3]) + changed32(from->destination[3], to->destination[3]);
    if (!follow(context, datagram, addresses, changed_ports(from, to)))
        return 0;
    struct ethernet *ethernet = (void *)headers_of(context, HEADERS_IPV4);
    struct ipv4 *ip = (void *)(ethernet + 1);
    struct udp *udp = (void *)(ip + 1);
    if (!ethernet)
        return 0;
    // The byte of the hops is the first of its word.
    u64 difference = addresses + changed16(datagram->ttl, ttl);
    ip->ttl = ttl;
    ip->checksum = updated(ip->checksum, difference);
    ip->source = to->source[3];
    ip->destination = to->destination[3];
    udp->source = to->source_port;
    udp->destination = to->destination_port;
    return 1;
}

INLINE int rewrite_ipv6(struct __sk_buff *context, const struct datagram *datagram, const struct path *to, u8 hops)
{
    const struct path *from = &datagram->path;
    u64 addresses = changed_address(from->source, to->source) + changed_address(from->destination, to->destination);
    if (!follow(context, datagram, addresses, changed_ports(from, to)))
        return 0;
    // A device may have summed up all of the packet (CHECKSUM_COMPLETE). The helper takes it that the header makes up for
    // its addresses by a checksum of its own, which that of IPv6 does not have. Hops are the second byte of their word.
    csum_update(context, fold32(addresses + changed16(datagram->ttl << 8, hops << 8)));
    struct ethernet *ethernet = (void *)headers_of(context, HEADERS_IPV6);
    struct ipv6 *ip = (void *)(ethernet + 1);
    struct udp *udp = (void *)(ip + 1);
    if (!ethernet)
        return 0;
    ip->hops = hops;
    copy_address(ip->source, to->source);
    copy_address(ip->destination, to->destination);
    udp->source = to->source_port;
    udp->destination = to->destination_port;
    return 1;
}
