namespace Fulcrum.Forwarding.Xdp;

/// <summary>An interface that a plane of programs is to stand at, as it is.</summary>
/// <param name="Wrong">Null: nothing.</param>
/// <param name="Mend">What helps.</param>
public sealed record TriedInterface(string Name, string? Wrong, string Mend);
