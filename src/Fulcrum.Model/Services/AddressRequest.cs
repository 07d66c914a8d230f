using System.Net;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Services;

public enum AddressFamilies
{
    /// <summary>Whatever family the pool has first.</summary>
    Any,
    Ipv4,
    Ipv6,

    /// <summary>Both if both are to be had.</summary>
    PreferDual,

    /// <summary>Both or nothing.</summary>
    Dual,
}

/// <summary>What a service asks of the address pools.</summary>
public sealed record AddressRequest
{
    /// <summary>The pool. Null: whichever the pools' own rules allow.</summary>
    public string? Pool { get; init; }

    public AddressFamilies Families { get; init; } = AddressFamilies.Any;

    /// <summary>These addresses and no others, at most one of each family.</summary>
    public Items<IPAddress> Addresses { get; init; }

    /// <summary>Services that write the same key may share an address as long as their listeners differ.</summary>
    public string? ShareKey { get; init; }
}
