using System.Net;
using Fulcrum.Model.Values;

namespace Fulcrum.Model;

/// <summary>Where the control API listens beside the Unix socket. Nothing: nowhere else.</summary>
public sealed record ApiSettings
{
    public static ApiSettings Default { get; } = new();

    public Items<IPEndPoint> Listen { get; init; }
}
