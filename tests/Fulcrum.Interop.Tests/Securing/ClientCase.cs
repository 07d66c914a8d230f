namespace Fulcrum.Interop.Tests.Securing;

/// <summary>A row of the table: what a client does at a listener of <c>tls://</c>, and what comes of it, to the letter.</summary>
/// <param name="Peer">Who it is.</param>
/// <param name="What">What it does.</param>
/// <param name="Listener">The service that it does it at.</param>
/// <param name="Outcome">What it sees.</param>
/// <param name="Counted">What Fulcrum counts.</param>
internal sealed record ClientCase(string Peer, string What, string Listener, string Outcome, string Counted)
{
    public required Func<SecuredListeners, ClientCase, Task<string>> Ask { get; init; }

    /// <summary>Connections that it makes.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>How a proxy in front is told to connect, in its own language; null: it is no proxy.</summary>
    public string? Front { get; init; }
}
