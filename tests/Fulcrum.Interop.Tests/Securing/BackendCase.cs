namespace Fulcrum.Interop.Tests.Securing;

/// <summary>
/// A row of the table: a server that Fulcrum takes for a backend and speaks TLS to, and what comes of it, to the letter.
/// </summary>
/// <param name="Peer">Who the server is.</param>
/// <param name="What">What it is like, and what we want of it.</param>
/// <param name="Sees">What the server sees of us.</param>
/// <param name="Gets">What the client gets; most have another backend behind this one.</param>
/// <param name="Counted">What Fulcrum counts.</param>
internal sealed record BackendCase(string Peer, string What, string Sees, string Gets, string Counted)
{
    public const string Nginx = "nginx";
    public const string Haproxy = "HAProxy";

    /// <summary>What the backend behind it answers.</summary>
    public const string Another = "another";

    /// <summary>Its certificate; null: it speaks no TLS.</summary>
    public string? Paper { get; init; }

    /// <summary>How it is told to speak TLS, in its own language, beside the certificate.</summary>
    public string Server { get; init; } = "";

    /// <summary>What <c>connect.tls</c> is.</summary>
    public required string Tls { get; init; }

    /// <summary>There is no other backend behind it.</summary>
    public bool IsAlone { get; init; }

    /// <summary>Connections that the client makes, one after the other; the last is told of.</summary>
    public int Times { get; init; } = 1;
}
