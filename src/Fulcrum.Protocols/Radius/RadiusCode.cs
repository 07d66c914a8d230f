namespace Fulcrum.Protocols.Radius;

/// <summary>What a packet is (RFC 2865 section 4, RFC 5997 section 3).</summary>
public enum RadiusCode : byte
{
    AccessRequest = 1,
    AccessAccept = 2,
    AccessReject = 3,
    AccessChallenge = 11,
    StatusServer = 12,
}
