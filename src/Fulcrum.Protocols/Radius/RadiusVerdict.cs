namespace Fulcrum.Protocols.Radius;

/// <summary>What became of a datagram that may be the response. Whatever is not valid is to be passed over.</summary>
public enum RadiusVerdict
{
    Valid,

    /// <summary>It has another identifier, or a code that does not respond to the request.</summary>
    NotOurs,

    /// <summary>It was not made with our secret for our request, or changed on its way.</summary>
    Forged,
    Malformed,
}
