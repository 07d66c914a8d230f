namespace Fulcrum.Health.Probing;

/// <summary>How long each part of a probe took; null: it did not come to it, or there is none.</summary>
/// <param name="Connect">Until the connection stood.</param>
/// <param name="Tls">Until the handshake was done, from there.</param>
/// <param name="Answer">Until the answer was judged, from there.</param>
internal readonly record struct ProbePhases(TimeSpan? Connect, TimeSpan? Tls, TimeSpan? Answer);
