using Fulcrum.Model.Services;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

/// <summary>What the command line said about a run.</summary>
/// <param name="File">The configuration.</param>
/// <param name="NodeName">Which of its nodes this is; null: the host name.</param>
/// <param name="State">Where the node keeps what is its own.</param>
/// <param name="LastGood">When the file is broken, its last good copy is run.</param>
internal sealed record RunOptions(string File, string? NodeName, StateDirectory State, bool LastGood = false)
{
    public LogFormat LogFormat { get; init; }

    /// <summary>What is less than this is not logged.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    public string Node => NodeName ?? Environment.MachineName;

    public string FullPath => Path.GetFullPath(File);
}
