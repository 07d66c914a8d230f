namespace Fulcrum.Acme.Client;

/// <summary>A certificate was not got; the message says why, in one line.</summary>
internal sealed class AcmeException : Exception
{
    public AcmeException(string message)
        : base(message) { }

    public AcmeException(string message, Exception inner)
        : base(message, inner) { }

    public AcmeException() { }

    /// <summary>What kind of problem the authority told (RFC 8555 section 6.7): <c>badNonce</c>. Null: none.</summary>
    public string? Kind { get; init; }

    /// <summary>The authority wants to be left alone for so long. Null: it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>We ask too much, or more than it can do now: other names are to wait as well.</summary>
    public bool IsLimit { get; init; }

    /// <summary>What was asked for is not there.</summary>
    public bool IsGone { get; init; }

    /// <summary>The order has come to nothing: the next attempt begins with a new one.</summary>
    public bool EndsOrder { get; init; }
}
