namespace Fulcrum.Top;

/// <summary>What was counted at one moment.</summary>
/// <param name="At">On a clock that never jumps, in seconds from some beginning.</param>
/// <param name="Counts">By the names of objects.</param>
internal sealed record Sample(double At, IReadOnlyDictionary<string, Counts> Counts);

/// <summary>Counters of one object.</summary>
/// <param name="Active">Sessions that go on now; the others only grow.</param>
internal readonly record struct Counts(long Active, long Total, long BytesIn, long BytesOut);
