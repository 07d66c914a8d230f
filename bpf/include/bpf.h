// What programs need of the kernel's interface for BPF (include/uapi/linux/bpf.h): numbers and layouts that never change.
// With this header clang alone builds them, whatever headers a machine has.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef long long s64;

#define SEC(name) __attribute__((section(name), used))
#define ALIGNED __attribute__((aligned(8)))
#define offsetof(type, member) __builtin_offsetof(type, member)
#define INLINE static inline __attribute__((always_inline))
#define FUNCTION static __attribute__((noinline))
// One that the verifier looks at once and alone, whatever its callers know: it must not trust that a pointer is one, and
// takes none to a packet, nor the context (which kernels know by BTF of their own, that not all have). What a pointer leads
// to is no key or value of a map before Linux 6.2: that has to be copied first.
#define SEPARATE __attribute__((noinline))

// A map's parts: a number is the length of an array, a type what a pointer leads to.
#define NUMBER(name, value) int(*name)[value]
#define TYPE(name, type) typeof(type) *name
#define VALUES(map...) typeof(map) *values[]

enum map_type {
    MAP_HASH = 1,
    MAP_ARRAY = 2,
    MAP_PROGRAM_ARRAY = 3,
    MAP_PER_CPU_HASH = 5,
    MAP_PER_CPU_ARRAY = 6,
    MAP_LRU_HASH = 9,
    MAP_LONGEST_PREFIX = 11,
    MAP_ARRAY_OF_MAPS = 12,
    MAP_SOCKET_MAP = 15,
    MAP_RING_BUFFER = 27,
};

enum map_flag {
    NO_PREALLOCATION = 1,
    MAPPABLE = 0x400,
    INNER_MAP = 0x1000,
};

enum store { STORE_SUMS = 1 }; // the sum that the kernel knows follows

enum update { ANY = 0, NEW = 1, PRESENT = 2 };

enum xdp_verdict { XDP_ABORTED = 0, XDP_DROP = 1, XDP_PASS = 2, XDP_TX = 3, XDP_REDIRECT = 4 };

enum tc_verdict { TC_NEXT = -1, TC_OK = 0, TC_DROP = 2, TC_REDIRECT = 7 };

enum socket_verdict { SOCKET_DROP = 0, SOCKET_PASS = 1 };

struct xdp_md {
    u32 data;
    u32 data_end;
    u32 data_meta;
    u32 ingress_ifindex;
    u32 rx_queue_index;
    u32 egress_ifindex;
};

struct __sk_buff {
    u32 len;
    u32 pkt_type;
    u32 mark;
    u32 queue_mapping;
    u32 protocol;
    u32 vlan_present;
    u32 vlan_tci;
    u32 vlan_proto;
    u32 priority;
    u32 ingress_ifindex;
    u32 ifindex;
    u32 tc_index;
    u32 cb[5];
    u32 hash;
    u32 tc_classid;
    u32 data;
    u32 data_end;
    u32 napi_id;
    u32 family;
    u32 remote_ip4;
    u32 local_ip4;
    u32 remote_ip6[4];
    u32 local_ip6[4];
    u32 remote_port;
    u32 local_port;
    u32 data_meta;
    u64 flow_keys ALIGNED;
    u64 tstamp;
    u32 wire_len;
    u32 gso_segs;
    u64 sk;
    u32 gso_size;
    u32 : 32;
    u64 hwtstamp;
};

// Where a socket buffer gets room, and what for; or loses it.
enum room {
    ROOM_BEFORE_NETWORK = 1,
    ROOM_FIXED_SEGMENTS = 1, // flags
    ROOM_FOR_IPV4 = 2,
    ROOM_FOR_IPV6 = 4,
    ROOM_FOR_UDP = 16,
    ROOM_LEAVES_IPV4 = 128, // where another family was
    ROOM_LEAVES_IPV6 = 256,
};

// A checksum of a transport: the change is one of what only its pseudo header has; 0 is to be written as its other zero.
enum checksum_flag { CHECKSUM_PSEUDO = 16, CHECKSUM_NOT_ZERO = 32 };

// A way to somewhere, asked for and told. Addresses of IPv4 are in the first word.
struct fib_lookup {
    u8 family;
    u8 protocol;
    u16 source_port;
    u16 destination_port;
    u16 length; // of the packet; told: how long it may be
    u32 interface;
    u32 service; // or flow label; told: the route's metric
    u32 source[4];
    u32 destination[4]; // told: who is next
    u32 vlan;
    u16 hardware[6];
};

enum family { FAMILY_IPV4 = 2, FAMILY_IPV6 = 10 };

enum fib_flag { FIB_WITHOUT_NEIGHBOR = 4 };

enum fib_result { FIB_FOUND = 0, FIB_NOT_FORWARDED = 4, FIB_DOES_NOT_FORWARD = 5, FIB_TOO_LONG = 8 };

struct neighbor {
    u32 family;
    u32 address[4];
};

struct bpf_sk_lookup {
    union {
        void *sk;
        u64 cookie;
    };
    u32 family;
    u32 protocol;
    u32 remote_ip4;
    u32 remote_ip6[4];
    u16 remote_port;
    u16 : 16;
    u32 local_ip4;
    u32 local_ip6[4];
    u32 local_port;
    u32 ingress_ifindex;
};

// Helpers, by their numbers.
static void *(*const map_lookup)(void *map, const void *key) = (void *)1;
static long (*const map_update)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static long (*const map_delete)(void *map, const void *key) = (void *)3;
static u64 (*const time_now)(void) = (void *)5;
static u32 (*const random_number)(void) = (void *)7;
static u32 (*const processor_id)(void) = (void *)8;
static long (*const store_bytes)(struct __sk_buff *context, u32 offset, const void *from, u32 length, u64 flags) = (void *)9;
static long (*const l4_csum_replace)(struct __sk_buff *context, u32 offset, u64 from, u64 to, u64 flags) = (void *)11;
static long (*const tail_call)(void *context, void *programs, u32 index) = (void *)12;
static long (*const vlan_push)(struct __sk_buff *context, u16 type, u16 tag) = (void *)18;
static long (*const vlan_pop)(struct __sk_buff *context) = (void *)19;
static long (*const redirect)(u32 interface, u64 flags) = (void *)23;
static long (*const load_bytes)(const struct __sk_buff *context, u32 offset, void *to, u32 length) = (void *)26;
static long (*const change_tail)(struct __sk_buff *context, u32 length, u64 flags) = (void *)38;
static long (*const pull_data)(struct __sk_buff *context, u32 length) = (void *)39;
static s64 (*const csum_update)(struct __sk_buff *context, u32 difference) = (void *)40;
static long (*const xdp_adjust_head)(struct xdp_md *context, int delta) = (void *)44;
static long (*const adjust_room)(struct __sk_buff *context, int delta, u32 mode, u64 flags) = (void *)50;
static long (*const xdp_adjust_tail)(struct xdp_md *context, int delta) = (void *)65;
static long (*const find_route)(void *context, struct fib_lookup *lookup, int length, u32 flags) = (void *)69;
static long (*const socket_release)(void *socket) = (void *)86;
static u64 (*const jiffies)(void) = (void *)118;
static u64 (*const time_coarse)(void) = (void *)160;
static long (*const socket_assign)(void *context, void *socket, u64 flags) = (void *)124;
static long (*const ring_output)(void *ring, const void *from, u64 length, u64 flags) = (void *)130;
static void *(*const ring_reserve)(void *ring, u64 size, u64 flags) = (void *)131;
static void (*const ring_submit)(void *data, u64 flags) = (void *)132;
static void (*const ring_discard)(void *data, u64 flags) = (void *)133;
static long (*const redirect_to_neighbor)(u32 interface, struct neighbor *neighbor, int length, u64 flags) = (void *)152;
static long (*const xdp_load_bytes)(struct xdp_md *context, u32 offset, void *to, u32 length) = (void *)189;
