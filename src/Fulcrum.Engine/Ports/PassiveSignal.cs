namespace Fulcrum.Engine.Ports;

/// <summary>Real traffic to a backend failed so often that its upstream's ejection rule was met.</summary>
/// <param name="Upstream">The upstream's name.</param>
/// <param name="Backend">As in <see cref="PlaneBackend.Id"/>.</param>
/// <param name="At">When.</param>
/// <param name="What">For people: "5 connects in a row failed".</param>
public sealed record PassiveSignal(string Upstream, string Backend, DateTimeOffset At, string What);
