using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Fulcrum.Forwarding.Xdp.Numbering;

/// <summary>An identity in so few bytes that a map holds it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct OwnerDigest(ulong High, ulong Low)
{
    public static OwnerDigest Of(string identity) =>
        MemoryMarshal.Read<OwnerDigest>(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));
}
