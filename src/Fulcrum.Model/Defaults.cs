using Fulcrum.Model.Checks;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Model;

/// <summary>What holds where nothing nearer says otherwise.</summary>
public sealed record Defaults
{
    public static Defaults None { get; } = new();

    public CheckTiming Check { get; init; } = CheckTiming.Unset;

    public Policy Policy { get; init; } = Policy.Unset;

    public ConnectOptions? Connect { get; init; }

    public Services.SessionOptions? Sessions { get; init; }
}
