namespace Fulcrum.Hosting;

/// <summary>What the command line said about a run.</summary>
/// <param name="File">The configuration.</param>
/// <param name="NodeName">Which of its nodes this is; null: the host name.</param>
/// <param name="State">Where the node keeps what is its own.</param>
internal sealed record RunOptions(string File, string? NodeName, StateDirectory State)
{
    public string Node => NodeName ?? Environment.MachineName;
}
