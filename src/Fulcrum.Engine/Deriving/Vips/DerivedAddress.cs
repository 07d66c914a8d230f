using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Engine.Deriving.Vips;

/// <summary>What was decided about one address, which several vips may want or give up.</summary>
internal sealed record DerivedAddress
{
    /// <summary>As it shall stand; null: it shall not.</summary>
    public RaisedAddress? Raised { get; init; }

    /// <summary>At least one vip wants it; it does not only stand until it may go.</summary>
    public bool Wanted { get; init; }

    /// <summary>By name of the announcement.</summary>
    public Items<AnnouncedAddress> Announced { get; init; }

    /// <summary>The vip that says how it stands; null: no vip has it any more.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>While it stands.</summary>
    public AddressMemory? Memory { get; init; }

    /// <summary>It stands until then only because the network may not have heard yet.</summary>
    public DateTimeOffset? LingersUntil { get; init; }

    public bool IsNothing => Raised is null && Announced.IsEmpty && Memory is null && DecidedBy is null;
}

/// <summary>What later decisions about an address that stands depend on.</summary>
internal sealed record AddressMemory
{
    /// <summary>The vip that had it last, as it was then; null: a former run left it, and no vip has it.</summary>
    public required Vip? Vip { get; init; }

    /// <summary>As it stood while it was wanted.</summary>
    public required RaisedAddress Raised { get; init; }

    /// <summary>The network was told of it, so that it lingers.</summary>
    public bool Announced { get; init; }

    /// <summary>Since when no announcement of it is left; null: it does not linger.</summary>
    public DateTimeOffset? LingersSince { get; init; }
}
