namespace Fulcrum.Acme.Proofs;

/// <summary>One way to show an authority that a name is ours.</summary>
internal interface IProver : IDisposable
{
    /// <summary>How ACME calls it: <c>http-01</c>.</summary>
    string Type { get; }

    /// <summary>Complete when the authority can see it.</summary>
    /// <exception cref="Client.AcmeException">It cannot be shown.</exception>
    Task PresentAsync(Proof proof, CancellationToken cancellation);

    /// <summary>Nobody looks at it any more. Does not fail: what is left behind proves nothing any more.</summary>
    Task WithdrawAsync(Proof proof);
}
