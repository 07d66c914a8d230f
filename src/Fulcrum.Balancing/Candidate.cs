namespace Fulcrum.Balancing;

/// <summary>A backend that may be chosen now. Its place in the list given to <see cref="Balancer.Create"/> is its index.</summary>
/// <param name="Key">
/// What the backend is, the same on every node and after every reload: <see cref="Hashing.StableHash"/> of
/// <c>address:port</c>. Two candidates with one key are one to the hashing algorithms.
/// </param>
/// <param name="Weight">Its share in proportion to the others'; 0 or more, and 0 is never chosen.</param>
public readonly record struct Candidate(ulong Key, int Weight);
