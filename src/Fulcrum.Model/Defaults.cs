using Fulcrum.Model.Checks;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Tls;
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

    /// <summary>Null: each node makes keys of its own, which change every 12 hours.</summary>
    public TicketSettings? Tickets { get; init; }
}
