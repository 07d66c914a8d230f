using System.Net;
using System.Text;

namespace Fulcrum.Protocols.Radius;

/// <summary>Who asks: a request names its sender, by which the server may judge (RFC 2865 sections 5.4, 5.32).</summary>
public sealed record RadiusNas(string Identifier, IPAddress? Address)
{
    /// <summary>Why this cannot be sent; null when it can.</summary>
    public string? Problem =>
        Encoding.UTF8.GetByteCount(Identifier) is 0 or > RadiusWriter.MaxValue
            ? $"a NAS identifier has 1 to {RadiusWriter.MaxValue} bytes"
            : null;
}
