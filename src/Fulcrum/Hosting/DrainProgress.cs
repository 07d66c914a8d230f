using Fulcrum.Linux.Processes;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

/// <summary>
/// Tells the log and the service manager how many sessions are left: at first, each time that half of them have
/// gone, and when none is left. Ten thousand sessions make fifteen lines.
/// </summary>
internal sealed partial class DrainProgress(ILogger log) : IProgress<int>
{
    private int _told = int.MaxValue;

    public void Report(int value)
    {
        if (value > 0 && value > _told / 2)
        {
            return;
        }

        _told = value;
        ServiceManager.OfThisProcess.Status($"draining, {value} sessions left");
        LogLeft(log, value);
    }
}
