using System.Buffers.Binary;
using Fulcrum.Balancing.Hashing;
using Fulcrum.Engine.Admission;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Engine.Selecting;

/// <summary>What the hashing algorithms know a client by: the same on every plane and every node.</summary>
public static class ClientKey
{
    public static ulong Of(HashKey key, AddressBits address, ushort port)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address.Value);
        return key == HashKey.SourceAddressAndPort ? ClientHash.Default.Of(bytes, port) : ClientHash.Default.Of(bytes);
    }
}
