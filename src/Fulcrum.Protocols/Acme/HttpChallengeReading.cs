namespace Fulcrum.Protocols.Acme;

/// <summary>How far the head of a request for a challenge is.</summary>
public enum HttpChallengeReading
{
    /// <summary>There must be more.</summary>
    Partial,

    /// <summary>It asks for a token.</summary>
    Token,

    /// <summary>It asks for something else, or is no request.</summary>
    Other,
}
