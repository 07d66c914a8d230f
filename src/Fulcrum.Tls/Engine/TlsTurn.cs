namespace Fulcrum.Tls.Engine;

/// <summary>What a turn of a <see cref="TlsEngine"/> has done.</summary>
/// <param name="Outcome">How far it came.</param>
/// <param name="Taken">Bytes of what it was given that are used up.</param>
/// <param name="Plain">Bytes for the application.</param>
/// <param name="Wire">Bytes to be sent to the peer, whatever the outcome.</param>
public readonly record struct TlsTurn(TlsOutcome Outcome, int Taken, int Plain, int Wire);
