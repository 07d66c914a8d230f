using Fulcrum.Linux.Processes;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

/// <summary>Tells the log and the service manager how many sessions are left.</summary>
internal sealed partial class DrainProgress(ILogger log) : IProgress<int>
{
    public void Report(int value)
    {
        ServiceManager.Status($"draining, {value} sessions left");
        LogLeft(log, value);
    }
}
