namespace Fulcrum.Engine.Tracing;

/// <summary>One decision on the way.</summary>
/// <param name="Asked">What was decided: "listener", "client".</param>
/// <param name="Answer">"tcp://192.0.2.80:443 of service/shop", "admitted".</param>
/// <param name="Reason">Why, without a full stop.</param>
public sealed record TraceStep(string Asked, string Answer, string Reason);
