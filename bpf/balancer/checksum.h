// The Internet checksum (RFC 1071): the complement of a sum in one's complement. Its order of bytes does not matter, and
// what changes in a packet can be added to it (RFC 1624, equation 3) without a look at the rest. So a packet that was
// damaged on its way stays damaged, and whoever receives it finds out: nothing is ever summed up anew over what came.
//
// A difference is the sum of what a word is and of the complement of what it was. All of them are sums of 64 bits that
// are folded in the end.
#pragma once
#include "headers.h"

INLINE u64 changed32(u32 from, u32 to) { return (u64)(u32)~from + to; }

INLINE u64 changed16(u16 from, u16 to) { return (u64)(u16)~from + to; }

INLINE u64 changed_address(const u32 *from, const u32 *to)
{
    return changed32(from[0], to[0]) + changed32(from[1], to[1]) + changed32(from[2], to[2]) + changed32(from[3], to[3]);
}

INLINE u16 fold(u64 sum)
{
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

INLINE u16 updated(u16 checksum, u64 difference) { return ~fold((u64)(u16)~checksum + difference); }

// Of UDP 0 is no checksum at all (RFC 768), and stays that; one that becomes 0 is written as its other zero.
INLINE u16 updated_udp(u16 checksum, u64 difference)
{
    u16 fresh = updated(checksum, difference);
    return checksum == 0 ? 0 : fresh == 0 ? 0xffff : fresh;
}

// Words is a constant wherever this is used.
INLINE u64 sum_words(const u32 *from, int words)
{
    u64 sum = 0;
#pragma unroll
    for (int i = 0; i < words; i++)
        sum += from[i];
    return sum;
}

// What TCP, UDP and ICMPv6 add to their sum (RFC 9293, 3.1; RFC 8200, 8.1). Of mapped addresses the prefix would count.
INLINE u64 pseudo_ipv4(u32 source, u32 destination, u8 protocol, u16 length)
{
    return (u64)source + destination + WIRE16(protocol) + SWAP16(length);
}

INLINE u64 pseudo_ipv6(const u32 *source, const u32 *destination, u8 protocol, u16 length)
{
    return sum_words(source, 4) + sum_words(destination, 4) + WIRE16(protocol) + SWAP16(length);
}
